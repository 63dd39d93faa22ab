import type { AskInput, AskOutput } from '../../contracts/operations/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { TaskBody } from '../shell/task-body.ts';
import type { OperationsPorts } from './ports.ts';

/** Longest answer that becomes a result; longer ones would not fit into a history. */
const LONGEST_ANSWER = BYTES_PER_MB / 2;

/** Asks a service and returns its answer. The breaker of the service stands in the row of the task. */
export function createCircuitBreakerTask({
  downloader,
}: Pick<OperationsPorts, 'downloader'>): TaskBody<AskInput, AskOutput> {
  return async ({ service_url }, { signal }) => {
    const { content } = await downloader.open(service_url, { from: 0, validator: null }, signal);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of content as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LONGEST_ANSWER)
        throw new PerennialError(
          'BackendRejected',
          `service_url: expected an answer of at most ${LONGEST_ANSWER} bytes, got a longer one`,
        );
      chunks.push(chunk);
    }
    return { status: 'completed', body: bodyOf(Buffer.concat(chunks).toString()) };
  };
}

/** The value of JSON, otherwise the text itself. */
function bodyOf(text: string): AskOutput['body'] {
  try {
    return JSON.parse(text) as AskOutput['body']; // what JSON holds
  } catch {
    return text;
  }
}
