/** The tasks of text messages: the rows that this domain adds to the catalogue. */
import type { BreakerRule } from '../breakers/vocabulary.ts';
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';
import { standardLimits } from '../tasks/policies.ts';
import type { RetryRule } from '../tasks/retry-rules.ts';
import { SECOND_MS } from '../values/units.ts';
import type { SendMessageInput, SendMessageOutput } from './schema.ts';
import { TWILIO } from './vocabulary.ts';

/** The policy of messages for which nothing else is said. */
const messageRetry: RetryRule = {
  attempts: 4,
  delayMs: 60 * SECOND_MS,
  factor: 2,
  reason: 'Four attempts after 60, 120 and 240 s; each asks first what became of the one before.',
};

/** What the provider says of one message is no failure of the provider. */
const breaker: BreakerRule = { key: TWILIO, counts: ['BackendUnavailable', 'BackendTimeout', 'BackendFailed'] };

export const messageTasks = {
  send: taskRow<SendMessageInput, SendMessageOutput>()({
    name: 'messages.send',
    purpose: 'Sends one text message, once per message key.',
    queue: queues.messagingSmsDaily,
    parameters: ['to', 'body', 'messageKey'],
    retry: messageRetry,
    limits: standardLimits,
    breaker,
  }),
} as const;
