/** What media contribute to the contracts. Histories hold references to blobs, and no picture. */
import type { DomainContract } from '../domain.ts';
import { mediaTasks } from './tasks.ts';

export const media = {
  tasks: mediaTasks,
  workflows: {},
} as const satisfies DomainContract;
