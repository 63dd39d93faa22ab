/** What the own domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { ownTasks } from './tasks.ts';

export const own = {
  tasks: ownTasks,
} as const satisfies DomainContract;
