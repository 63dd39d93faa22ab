/** What the workflows of text messages accept. */
import { messageWorkflows } from '../../contracts/messages/vocabulary.ts';
import { mailing } from '../email/shapes.ts';
import type { WorkflowShape } from '../shape.ts';

export const messageShapes = {
  [messageWorkflows.sendMonthlyReports]: mailing,
  [messageWorkflows.sendWeeklyCheckins]: mailing,
} as const satisfies Readonly<Record<string, WorkflowShape>>;
