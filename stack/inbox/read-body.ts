/**
 * Reads a stream to its end, so that a connection does not hang; gives `undefined` for one of more than `most` bytes, of
 * which nothing is kept.
 */
export async function readAtMost(stream: AsyncIterable<unknown>, most: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += (part as Buffer).byteLength; // without an encoding, chunks are buffers
    if (size <= most) parts.push(part as Buffer);
    else parts.length = 0;
  }
  return size <= most ? Buffer.concat(parts) : undefined;
}
