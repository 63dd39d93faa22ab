/** What the canvas domain contributes to the contracts. */
import type { DomainContract } from '../domain.ts';
import { canvasWorkflows } from './vocabulary.ts';

export const canvas = {
  workflows: canvasWorkflows,
} as const satisfies DomainContract;
