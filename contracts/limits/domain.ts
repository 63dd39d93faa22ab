/** What the limits domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { limitTasks } from './tasks.ts';

export const limits = {
  tasks: limitTasks,
} as const satisfies DomainContract;
