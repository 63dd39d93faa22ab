/** Names and examples of the shapes of parked steps in the OpenAPI document. */
import {
  callFailureSchema,
  parkedDecidedSchema,
  parkedDeciderSchema,
  parkedDecisionSchema,
  parkedRunSchema,
  parkedStepSchema,
} from '../../contracts/parked/schema.ts';
import { component, type Components } from '../http/components.ts';
import { retryBody, skipBody } from './schemas.ts';

/** A step, as views of canvases show it too. */
export const parkedStepExample = {
  path: 'root/2',
  task: 'invoices.read',
  failure: { type: 'FileMissing', message: "Expected a file at '/data/scans/7.pdf', found none." },
  since: '2026-01-31T12:00:00.000Z',
  until: '2026-02-07T12:00:00.000Z',
};
const decision = {
  path: 'root/1',
  action: 'retry',
  by: 'ada',
  reason: 'The file is there now.',
  at: '2026-01-31T11:00:00.000Z',
  steps: 1,
} as const;

export const parkedComponents: Components = {
  CallFailure: component(callFailureSchema, parkedStepExample.failure),
  ParkedStep: component(parkedStepSchema, parkedStepExample),
  ParkedAction: component(parkedDecisionSchema.shape.action),
  ParkedDecision: component(parkedDecisionSchema, decision),
  ParkedRun: component(parkedRunSchema, {
    id: 'canvas:nightly',
    name: 'celery.chain',
    tenant: 'acme',
    steps: [parkedStepExample],
    waiting: 1,
    decisions: [decision],
  }),
  RetryOfParked: component(retryBody, { path: 'root/2', by: 'ada', reason: decision.reason }),
  SkipOfParked: component(skipBody, { path: 'root/2', value: { words: 0 }, by: 'ada', reason: 'The page is empty.' }),
  AbortOfParked: component(parkedDeciderSchema, { path: 'root', by: 'ada', reason: 'No longer needed.' }),
  ParkedDecided: component(parkedDecidedSchema, { id: 'canvas:nightly', action: 'retry', paths: ['root/2'] }),
};
