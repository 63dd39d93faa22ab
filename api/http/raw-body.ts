/** Reads bodies as they came, for signatures that hold for the bytes. */
import type { Request } from 'express';
import { HttpError } from './problem.ts';

/** Reads a body. @throws HttpError 413 for one that is too long */
export async function readBytes(request: Request, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).byteLength; // nothing has set an encoding, so parts are buffers
    // What is too long is read to its end, because a request that is left has no connection to be answered on.
    if (size <= most) parts.push(part as Buffer);
  }
  if (size > most) throw new HttpError(413, `Expected a body of at most ${String(most)} bytes.`);
  return Buffer.concat(parts);
}
