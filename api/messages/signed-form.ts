/** Reads forms that the provider of text messages has signed. */
import type { Request } from 'express';
import { WrongSignature } from '../http/auth.ts';
import { readBytes } from '../http/raw-body.ts';
import type { MessagePorts } from './ports.ts';

const MOST_BYTES = 64 * 1024;

/**
 * Reads a signed form. Whoever repeats one is let through, because news may be told again.
 * @throws WrongSignature for one that is not signed by the provider; HttpError 413 for one that is too long
 */
export async function readSignedForm(
  request: Request,
  { authToken, publicUrl }: Pick<MessagePorts['messages'], 'authToken' | 'publicUrl'>,
): Promise<Readonly<Record<string, string>>> {
  const form = Object.fromEntries(new URLSearchParams((await readBytes(request, MOST_BYTES)).toString()));
  const signature = request.get('x-twilio-signature') ?? '';
  if (authToken === undefined || signature === '') throw forbidden();
  const { default: webhooks } = await import('twilio/lib/webhooks/webhooks.js');
  if (!webhooks.validateRequest(authToken, signature, publicUrl + request.originalUrl, form)) throw forbidden();
  return form;
}

function forbidden(): WrongSignature {
  return new WrongSignature('Expected a form that the provider of text messages has signed for this address.');
}
