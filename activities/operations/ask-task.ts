import type { AskInput, AskOutput } from '../../contracts/operations/schema.ts';
import type { TaskBody } from '../shell/task-body.ts';
import { boundedText } from './bounded-text.ts';
import type { OperationsPorts } from './ports.ts';

/** Asks a service and returns its answer. The breaker of the service stands in the row of the task. */
export function createCircuitBreakerTask({
  downloader,
}: Pick<OperationsPorts, 'downloader'>): TaskBody<AskInput, AskOutput> {
  return async ({ service_url }, { signal }) => {
    const { content } = await downloader.open(service_url, { from: 0, validator: null }, signal);
    return { status: 'completed', body: bodyOf(await boundedText(content, 'service_url')) };
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
