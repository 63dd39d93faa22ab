/** What the domain of text messages contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { messageTasks } from './tasks.ts';
import { messageWorkflows } from './vocabulary.ts';

export const messages = {
  tasks: messageTasks,
  workflows: messageWorkflows,
  // What a message says, and whose phone it is for.
  sealed: ['body', 'to', 'phone'],
} as const satisfies DomainContract;
