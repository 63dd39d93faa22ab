/** What the housekeeping domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { housekeepingTasks } from './tasks.ts';
import { housekeepingWorkflows } from './vocabulary.ts';

export const housekeeping = {
  tasks: housekeepingTasks,
  workflows: housekeepingWorkflows,
} as const satisfies DomainContract;
