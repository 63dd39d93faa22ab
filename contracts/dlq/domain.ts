/** What dead letters contribute to the contracts. */
import type { DomainContract } from '../domain.ts';
import { deadLetterTasks } from './tasks.ts';
import { deadLetterWorkflows } from './vocabulary.ts';

export const dlq = {
  tasks: deadLetterTasks,
  workflows: deadLetterWorkflows,
} as const satisfies DomainContract;
