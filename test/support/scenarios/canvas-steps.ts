import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { type ApprovalDecision, approvalMessages, type PendingApproval } from '../../../contracts/canvas/steps.ts';
import { call, chain, FIRST, group, scenario, SECOND } from '../canvas/signatures.ts';
import { type Scenario, until } from './scenario.ts';
import type { ScriptedCanvas } from '../scripted/canvas.ts';

const step = (name: string, kwargs: Record<string, unknown>): Signature => call(`perennial.${name}`, kwargs);
const undo = call(SECOND, { undoes: true });
const undoable = (n: number, more: Record<string, unknown> = {}): Signature => ({
  ...call(FIRST, { n, ...more }, { compensate: undo }),
  immutable: true,
});
const failing = { ...call(FIRST, { n: 9, fails: 'always' }), immutable: true };

const DOCUMENT = '0b7f2c1e-4f4b-4c53-9d5c-3f1f5d6a7b8c';

/** Decides as soon as somebody is waited for. */
async function decide(handle: WorkflowHandle, decision: ApprovalDecision['decision']): Promise<void> {
  const path = 'root/1';
  const waiting = (): Promise<readonly PendingApproval[]> => handle.query(approvalMessages.approvals);
  while ((await waiting()).length === 0) await sleep(20);
  const args: [ApprovalDecision] = [{ path, decision, by: 'Ada', note: 'looked at it' }];
  await handle.executeUpdate(approvalMessages.decide, { args });
}

export const canvasStepScenarios = {
  'run-canvas.when': scenario(
    chain(
      call(FIRST, { n: 1 }),
      step('when', { test: { path: 'n', greater: 0 }, then: call(SECOND, { large: true }), else: call(FIRST) }),
      step('when', { test: { path: 'large', equals: false }, then: call(FIRST, { never: true }) }),
    ),
  ),
  'run-canvas.dynamic-map': scenario(
    chain(
      group(call(FIRST, { n: 1 }), call(FIRST, { n: 2 })),
      step('map', { task: call(SECOND, { seen: true }), limit: 10, join: { policy: 'collect' } }),
    ),
  ),
  'run-canvas.compensated': scenario(chain(undoable(1), undoable(2), failing)),
  'run-canvas.compensated-on-cancel': {
    ...scenario(chain(undoable(1), undoable(2, { takesMs: 60_000 }))),
    meanwhile: async (handle, { calls }) => {
      await until(() => calls.length >= 2);
      await handle.cancel();
    },
  },
  'run-canvas.pipeline': scenario(
    chain(call(FIRST, { n: 1 }), {
      ...call('perennial.pipeline', { name: 'extractInvoiceData', input: DOCUMENT }, { task_id: 'invoice-1' }),
      immutable: true,
    }),
  ),
  'run-canvas.approved': {
    ...scenario(chain(call(FIRST, { n: 1 }), step('approval', { message: 'Pay it?' }), call(SECOND))),
    meanwhile: (handle) => decide(handle, 'approve'),
  },
  'run-canvas.rejected': {
    ...scenario(
      chain(
        call(FIRST, { n: 1 }),
        step('approval', { timeout: 60, gives: 'decision' }),
        step('when', { test: { path: 'approved', truthy: true }, then: call(FIRST), else: call(SECOND) }),
      ),
    ),
    meanwhile: (handle) => decide(handle, 'reject'),
  },
  'run-canvas.approval-timed-out': scenario(
    chain(call(FIRST, { n: 1 }), step('approval', { timeout: 0.2, onTimeout: call(SECOND, { late: true }) })),
  ),
  'run-canvas.approval-failed': scenario(
    chain(call(FIRST, { n: 1 }), {
      ...step('approval', { timeout: 0.2 }),
      options: { link_error: [call(SECOND, { told: true })] },
    }),
  ),
  'run-canvas.compensated-parts': scenario(
    chain(group(undoable(0, { takesMs: 1_500 }), undoable(1), undoable(2), undoable(3, { takesMs: 600 })), failing),
    { weight: 2 },
  ),
} as const satisfies Readonly<Record<string, Scenario<ScriptedCanvas>>>;
