/** Names and examples of the shapes of canvases in the OpenAPI document. */
import { approvalSchema, canvasCallSchema, startCanvasSchema } from '../../contracts/canvas/schema.ts';
import { component, type Components } from '../http/components.ts';
import { namedCanvasesSchema, startNamedBody } from './named.ts';
import { parkedStepExample } from '../parked/components.ts';
import { decisionBody, waitingSchema } from './approvals.ts';
import { canvasTreeSchema, canvasViewSchema, revokeCallsBody, revokedCallsSchema } from './schemas.ts';

const approval = { path: 'root/2', decision: 'approve', by: 'ada', note: 'Checked against the order.' } as const;

export const canvasComponents: Components = {
  Canvas: component(canvasViewSchema, {
    id: 'canvas-7f3c',
    status: 'running',
    total: 12,
    waiting: 2,
    running: 3,
    retrying: 0,
    succeeded: 6,
    failed: 1,
    revoked: 0,
    replaced: 0,
    skipped: 0,
    kept: 0,
    over: false,
    startedAt: '2026-01-31T12:00:00.000Z',
    remainingMs: 4_000,
    retryOf: null,
    parked: [parkedStepExample],
    failures: [
      {
        path: 'root/0/5',
        task: 'invoices.read',
        id: 'invoice-17',
        state: 'failed',
        type: 'FileMissing',
        message: "Expected a file at '/data/scans/7.pdf', found none.",
      },
    ],
  }),
  CanvasState: component(canvasTreeSchema.shape.state),
  PriorityScale: component(canvasCallSchema.shape.priorityScale.unwrap()),
  StartOfCanvas: component(startCanvasSchema, {
    canvas: { task: 'text.countWords', args: [], kwargs: { text: 'one two' }, options: {} },
  }),
  NamedCanvases: component(namedCanvasesSchema, {
    items: [{ name: 'text.totalOf', purpose: 'Counts the words of several texts.' }],
    nextCursor: null,
  }),
  StartOfNamedCanvas: component(startNamedBody, { input: { texts: ['one two', 'three'] }, tenant: 'acme' }),
  RevocationOfCalls: component(revokeCallsBody, { path: 'root/0' }),
  RevokedCalls: component(revokedCallsSchema, { status: 'revoked', id: 'canvas-7f3c', path: 'root/0', calls: 3 }),
  Approval: component(approvalSchema, approval),
  Decision: component(decisionBody, { decision: approval.decision, by: approval.by, note: approval.note }),
  DecisionKind: component(approvalSchema.shape.decision),
  WaitingApproval: component(waitingSchema, {
    path: 'root/2',
    message: 'Pay 1,200.00 EUR to Example Ltd?',
    since: '2026-01-31T12:00:00.000Z',
    until: null,
  }),
};
