/** What the email domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { emailTasks } from './tasks.ts';
import { emailWorkflows } from './vocabulary.ts';

export const email = {
  tasks: emailTasks,
  workflows: emailWorkflows,
  // What a message says, the links in it, and who gets it, mistyped addresses too. A Message-ID is made from its
  // recipient: a reader who guesses an address could check the guess.
  sealed: [
    'subject',
    'body',
    'textBody',
    'to',
    'cc',
    'bcc',
    'replyTo',
    'recipient',
    'recipients',
    'email',
    'messageId',
  ],
} as const satisfies DomainContract;
