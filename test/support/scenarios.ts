/** Every scenario of every domain, by the name of its history. */
import type { Scenario } from './scenario.ts';
import { scheduleScenarios } from './scenarios/schedules.ts';
import { streamedCallsScenarios } from './scenarios/streamed-calls.ts';
import { canvasScenarios } from './scenarios/canvas.ts';
import { canvasJoinScenarios } from './scenarios/canvas-joins.ts';
import { canvasOversizedScenarios } from './scenarios/canvas-oversized.ts';
import { canvasStepScenarios } from './scenarios/canvas-steps.ts';
import { canvasSteeringScenarios } from './scenarios/canvas-steering.ts';
import { documentScenarios } from './scenarios/documents.ts';
import { emailScenarios } from './scenarios/email.ts';
import { housekeepingScenarios } from './scenarios/housekeeping.ts';
import { importScenarios } from './scenarios/imports.ts';
import { reportScenarios } from './scenarios/reports.ts';
import { taskScenarios } from './scenarios/tasks.ts';

export const scenarios: Readonly<Record<string, Scenario>> = {
  ...streamedCallsScenarios,
  ...canvasScenarios,
  ...canvasOversizedScenarios,
  ...canvasJoinScenarios,
  ...canvasStepScenarios,
  ...canvasSteeringScenarios,
  ...documentScenarios,
  ...emailScenarios,
  ...scheduleScenarios,
  ...housekeepingScenarios,
  ...importScenarios,
  ...reportScenarios,
  ...taskScenarios,
};
