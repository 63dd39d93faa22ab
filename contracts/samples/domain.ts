/** What the samples domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { sampleTasks } from './tasks.ts';

export const samples = {
  tasks: sampleTasks,
} as const satisfies DomainContract;
