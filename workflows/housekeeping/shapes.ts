/** What the workflows of the housekeeping domain accept: nothing. */
import { housekeepingWorkflows } from '../../contracts/housekeeping/vocabulary.ts';
import type { WorkflowShape } from '../shape.ts';

export const housekeepingShapes = {
  [housekeepingWorkflows.healthCheck]: { input: [] },
  [housekeepingWorkflows.ping]: { input: [] },
} as const satisfies Readonly<Record<string, WorkflowShape>>;
