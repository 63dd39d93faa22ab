/** What billing contributes to the contracts. Its tasks are given ids and amounts, and nothing that says who pays. */
import type { DomainContract } from '../domain.ts';
import { billingTasks } from './tasks.ts';

export const billing = {
  tasks: billingTasks,
  workflows: {},
} as const satisfies DomainContract;
