/** Reads forms that the provider of text messages has signed. */
import type { Request } from 'express';
import { HttpError } from '../http/problem.ts';
import type { MessagePorts } from './ports.ts';

const MOST_BYTES = 64 * 1024;

/**
 * Reads a signed form. Whoever repeats one is let through, because news may be told again.
 * @throws HttpError 403 for one that is not signed by the provider, 413 for one that is too long
 */
export async function readSignedForm(
  request: Request,
  { authToken, publicUrl }: Pick<MessagePorts['messages'], 'authToken' | 'publicUrl'>,
): Promise<Readonly<Record<string, string>>> {
  const form = Object.fromEntries(new URLSearchParams(await readText(request)));
  const signature = request.get('x-twilio-signature') ?? '';
  if (authToken === undefined || signature === '') throw forbidden();
  const { default: webhooks } = await import('twilio/lib/webhooks/webhooks.js');
  if (!webhooks.validateRequest(authToken, signature, publicUrl + request.originalUrl, form)) throw forbidden();
  return form;
}

async function readText(request: Request): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).byteLength; // nothing has set an encoding, so parts are buffers
    // What is too long is read to its end, because a request that is left has no connection to be answered on.
    if (size <= MOST_BYTES) parts.push(part as Buffer);
  }
  if (size > MOST_BYTES) throw new HttpError(413, `Expected a form of at most ${String(MOST_BYTES)} bytes.`);
  return Buffer.concat(parts).toString();
}

function forbidden(): HttpError {
  return new HttpError(403, 'Expected a form that the provider of text messages has signed for this address.');
}
