/** What dead letters contribute to the contracts. */
import type { DomainContract } from '../domain.ts';
import { deadLetterTasks } from './tasks.ts';

export const dlq = {
  tasks: deadLetterTasks,
} as const satisfies DomainContract;
