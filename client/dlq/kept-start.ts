/** How a failed run was started, as it is kept for its redrive: the server forgets a run some days after it has closed. */
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { type Priority, type SearchAttributePair, TypedSearchAttributes } from '@temporalio/common';
import { originIn, REDRIVE_MEMO, type RedriveOrigin } from '../../contracts/dlq/steps.ts';
import { openPiece } from '../../payloads/pieces.ts';
import type { KeptPieces } from '../../services/dlq/port.ts';
import type { Rpc } from '../connection/rpc.ts';
import { readStart } from '../connection/run-start.ts';

/** Place of the start among the pieces of a run. */
export const START_PLACE = -1;

/** What the server lists of a run. */
type StartedRun = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'taskQueue' | 'memo' | 'typedSearchAttributes'>;

/** Everything that is needed to start a run again. */
export interface KeptStart {
  readonly workflow: string;
  readonly taskQueue: string;
  readonly args: readonly unknown[];
  readonly priority: Priority;
  readonly summary: string;
  readonly memo: Readonly<Record<string, unknown>>;
  readonly attributes: readonly KeptAttribute[];
  /** Where its repetition comes from. */
  readonly origin: Omit<RedriveOrigin, 'keeps'>;
}

/** A search attribute; JSON knows no dates. */
interface KeptAttribute {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

/** The server sets these itself. */
const OF_SERVER = /^(?:Temporal|BuildIds$)/;

/** Reads from the server how a run was started. @throws NotFound, Unavailable */
export async function readKeptStart(rpc: Rpc, run: StartedRun): Promise<KeptStart> {
  const { workflowId, runId, taskQueue, memo = {}, typedSearchAttributes } = run;
  const { workflow, args, priority, summary, firstRunId, startedAt } = await readStart(rpc, workflowId, runId);
  const due = typedSearchAttributes.get({ name: 'TemporalScheduledStartTime', type: 'DATETIME' }) ?? startedAt;
  const { [REDRIVE_MEMO]: before, ...others } = memo;
  const origin = originIn(before) ?? { firstRunId, dueAt: due.toISOString() };
  return {
    ...{ workflow, taskQueue, args, priority },
    summary: summary ?? workflow,
    memo: others,
    attributes: typedSearchAttributes
      .getAll()
      .filter(({ key }) => !OF_SERVER.test(key.name))
      .map(({ key, value }) => ({ name: key.name, type: key.type, value })),
    origin: { of: runId, firstRunId: origin.firstRunId, dueAt: origin.dueAt },
  };
}

/** Returns how a run was started, from what is kept of it; `undefined` where nothing is. @throws PerennialError `SealedValueUnreadable` */
export async function keptStart(rpc: Rpc, pieces: KeptPieces, runId: string): Promise<KeptStart | undefined> {
  const piece = await pieces.piece(runId, START_PLACE);
  // It was written by `readKeptStart`.
  return piece && (openPiece(rpc.sealKeys, { runId, place: START_PLACE }, piece) as KeptStart);
}

/** The search attributes with the types that JSON has lost. */
export function attributesOf({ attributes }: KeptStart): TypedSearchAttributes {
  const pairs = attributes.map(({ name, type, value }) => ({
    key: { name, type },
    value: type === 'DATETIME' ? new Date(value as string) : value,
  }));
  return new TypedSearchAttributes(pairs as SearchAttributePair[]); // as they were read
}
