import { PerennialError } from '../../contracts/failures.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** Longest answer that becomes a result, in bytes; longer ones would not fit into a history. */
const LONGEST_ANSWER = BYTES_PER_MB / 2;

/**
 * Reads an answer as text.
 *
 * @param field - of the input, which named the service
 * @throws PerennialError `BackendRejected` for an answer of more than half a megabyte
 */
export async function boundedText(content: AsyncIterable<unknown>, field: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_ANSWER)
      throw new PerennialError(
        'BackendRejected',
        `${field}: expected an answer of at most ${LONGEST_ANSWER} bytes, got a longer one`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
