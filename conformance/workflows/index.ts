/** The bundle of the conformance worker: the engine on Temporal over neutral tasks. */
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import { type CanvasCall, type CanvasResult, runCanvas } from '../../canvas/engine/engine.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import { createWorkflowRuntime, inCallWindow } from '../../workflows/canvas/runtime.ts';
import type { CallReply, CallRequest } from '../../canvas/model/request.ts';

/** The input of a case. */
export interface NeutralRun {
  /** Names the run and the log that its tasks write to. */
  readonly token: string;
  readonly canvas: Signature;
  readonly call: CanvasCall;
  /** Tasks that are called inline as error callbacks. */
  readonly inline: readonly string[];
}

/** The one activity of the conformance worker. */
export interface NeutralActivities {
  performNeutral(token: string, request: CallRequest): Promise<CallReply>;
}

const { performNeutral } = proxyActivities<NeutralActivities>({
  startToCloseTimeout: '10 minutes',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // The log is in the worker's memory, so a second attempt on another worker would not find it.
  retry: { maximumAttempts: 1 },
});

/** Runs one case. */
export function runNeutralCanvas({ token, canvas, call, inline }: NeutralRun): Promise<CanvasResult> {
  const runtime = createWorkflowRuntime({
    call: inCallWindow((request: CallRequest) => performNeutral(token, request)),
    errbackStyle: (task) => (inline.includes(task) ? 'inline' : 'task'),
  });
  return runCanvas(runtime, canvas, call);
}
