/** What data contributes to the contracts. Its tasks are given references to files, and nothing that stands in them. */
import type { DomainContract } from '../domain.ts';
import { dataTasks } from './tasks.ts';

export const data = {
  tasks: dataTasks,
  workflows: {},
} as const satisfies DomainContract;
