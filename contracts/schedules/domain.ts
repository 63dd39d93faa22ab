/** What the schedules domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { scheduleTasks } from './tasks.ts';
import { scheduleWorkflows } from './vocabulary.ts';

export const schedules = {
  tasks: scheduleTasks,
  workflows: scheduleWorkflows,
} as const satisfies DomainContract;
