/** Starts what the ledger of messages makes repeatable. */
import type { Workflow } from '@temporalio/client';
import { jobHandle } from '../connection/handles.ts';
import type { JobHandle } from '../connection/jobs.ts';
import type { Rpc } from '../connection/rpc.ts';
import { startJob, type StartOf } from '../connection/start-job.ts';

/** A mailing to all users, of which one runs at a time: its id is its name. */
export function onlyOne(workflow: string, staticSummary: string): OnlyOne {
  return { workflow, workflowId: workflow, args: [{}], staticSummary };
}

interface OnlyOne {
  readonly workflow: string;
  readonly workflowId: string;
  readonly args: [Readonly<Record<string, never>>];
  readonly staticSummary: string;
}

type MailingStart<W extends Workflow> = Pick<StartOf<W>, 'workflow' | 'workflowId' | 'args' | 'staticSummary'>;

/** A second start while the first runs is the same job; after it, the ledger knows what was sent. */
export async function begin<W extends Workflow>(
  rpc: Rpc,
  start: MailingStart<W>,
): Promise<JobHandle<Awaited<ReturnType<W>>>> {
  await startJob<W>(rpc, { ...start, whenDone: 'repeat' });
  return jobHandle(rpc, start.workflowId);
}
