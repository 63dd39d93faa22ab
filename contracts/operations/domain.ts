/** What the operations domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { operationsTasks } from './tasks.ts';

export const operations = {
  tasks: operationsTasks,
} as const satisfies DomainContract;
