/** What AI contributes to the contracts. What models are told and what they answer stands sealed in histories. */
import type { DomainContract } from '../domain.ts';
import { aiTasks } from './tasks.ts';

export const ai = {
  tasks: aiTasks,
  workflows: {},
} as const satisfies DomainContract;
