/** Every scenario of every domain, by the name of its history. */
import type { Scenario } from './scenario.ts';
import { scheduleScenarios } from './schedules.ts';
import { streamedCallsScenarios } from './streamed-calls.ts';
import { canvasScenarios } from './canvas.ts';
import { canvasJoinScenarios } from './canvas-joins.ts';
import { canvasOversizedScenarios } from './canvas-oversized.ts';
import { canvasStepScenarios } from './canvas-steps.ts';
import { canvasSteeringScenarios } from './canvas-steering.ts';
import { deadLetterScenarios } from './dlq.ts';
import { documentScenarios } from './documents.ts';
import { emailScenarios } from './email.ts';
import { housekeepingScenarios } from './housekeeping.ts';
import { importScenarios } from './imports.ts';
import { messageScenarios } from './messages.ts';
import { canvasParkedScenarios, taskParkedScenarios } from './parked.ts';
import { reportScenarios } from './reports.ts';
import { taskScenarios } from './tasks.ts';

export const scenarios: Readonly<Record<string, Scenario>> = {
  ...streamedCallsScenarios,
  ...canvasScenarios,
  ...canvasOversizedScenarios,
  ...canvasJoinScenarios,
  ...canvasStepScenarios,
  ...canvasSteeringScenarios,
  ...canvasParkedScenarios,
  ...deadLetterScenarios,
  ...documentScenarios,
  ...emailScenarios,
  ...scheduleScenarios,
  ...housekeepingScenarios,
  ...importScenarios,
  ...messageScenarios,
  ...reportScenarios,
  ...taskScenarios,
  ...taskParkedScenarios,
};
