/** What the email domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { emailTasks } from './tasks.ts';
import { emailWorkflows } from './vocabulary.ts';

export const email = {
  tasks: emailTasks,
  workflows: emailWorkflows,
} as const satisfies DomainContract;
