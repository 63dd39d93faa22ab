/** Signs what is told about text messages, as Twilio does. */
import { createHmac } from 'node:crypto';

/** Header that carries the signature. */
export const SIGNATURE_HEADER = 'x-twilio-signature';

/** Signs the address and the fields of a form; an application that has the same token can check both. */
export function signatureOf(token: string, url: string, form: URLSearchParams): string {
  const fields = [...form].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => name + value);
  return createHmac('sha1', token)
    .update(url + fields.join(''))
    .digest('base64');
}
