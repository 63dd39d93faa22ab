/** What the rows of text messages have in common: where they come from, and their provider. */
import type { BreakerRule } from '../breakers/vocabulary.ts';
import { TWILIO } from './vocabulary.ts';

/** The names under which the Celery application calls a task. */
export function celery(name: string): readonly string[] {
  return [`backend.tasks.mingus_celery_tasks.${name}`, name];
}

/** What the provider says of one message is no failure of the provider. */
export const providerBreaker: BreakerRule = {
  key: TWILIO,
  counts: ['BackendUnavailable', 'BackendTimeout', 'BackendFailed'],
};
