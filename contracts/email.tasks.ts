/** The tasks of the e-mail domain: the rows that this domain adds to the catalogue. */
import type { SendEmailInput, SendEmailOutput } from './email.schema.ts';
import { MINUTE, SECOND, standardLimits } from './policies.ts';
import { queues } from './queues.ts';
import { defineTask } from './tasks.ts';

export const emailTasks = {
  send: defineTask<SendEmailInput, SendEmailOutput>()({
    name: 'email.send',
    queue: queues.documentsEmail,
    purpose: 'Sends one message over SMTP, once per message key (EMAIL-1).',
    retry: {
      attempts: 6,
      delayMs: 60 * SECOND,
      factor: 2,
      maxDelayMs: 60 * MINUTE,
      reason: 'RETRY-2: six attempts after 60, 120, 240, 480 and 960 s, at most an hour apart.',
    },
    limits: standardLimits,
  }),
} as const;
