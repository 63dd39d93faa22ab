/** What the tasks domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { taskWorkflows } from './definition.ts';

export const tasks = {
  workflows: taskWorkflows,
} as const satisfies DomainContract;
