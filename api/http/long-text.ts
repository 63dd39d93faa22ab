/** Sends texts of any length, because writing a long one at once would hold up all other requests. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/** Length from which a text is sent in pieces, and that of a piece, in UTF-16 code units. */
const PIECE = 1_000_000;

/** Sends a text whose media type is set; one that is sent in pieces has no ETag. */
export async function sendLongText(response: Response, text: string): Promise<void> {
  if (text.length <= PIECE) {
    response.send(text);
    return;
  }
  await pipeline(Readable.from(pieces(text)), response);
}

function* pieces(text: string): Generator<Buffer> {
  for (let from = 0; from < text.length;) {
    const to = from + PIECE;
    // A pair of surrogates is one character, which must not be encoded in halves.
    const end = isFirstHalf(text.charCodeAt(to - 1)) ? to - 1 : to;
    yield Buffer.from(text.slice(from, end));
    from = end;
  }
}

function isFirstHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
