/** Reads an import from its run on the server. */
import { failureRecord, PerennialError } from '../../contracts/failures.ts';
import { isoTime } from '../connection/proto-time.ts';
import { jobHandle, statusOf } from '../connection/handles.ts';
import { readStart } from '../connection/run-start.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ImportRun } from './types.ts';

/**
 * Reads the newest run of an import.
 *
 * @throws NotFound
 */
export async function readRun(rpc: Rpc, workflowId: string): Promise<ImportRun> {
  const { status, runId, raw } = await rpc.call(workflowId, async (client) => {
    const description = await client.workflow.getHandle(workflowId).describe();
    return { status: statusOf(description), runId: description.runId, raw: description.raw.workflowExecutionInfo };
  });
  // Rows name the first run, whose id a reset does not change.
  const firstRunId = raw?.firstRunId;
  const [input] = (await readStart(rpc, workflowId, runId)).args;
  const failure = status === 'failed' ? await failureOf(rpc, workflowId) : null;
  return {
    runId: firstRunId === undefined || firstRunId === null || firstRunId === '' ? runId : firstRunId,
    status,
    startedAt: isoTime(raw?.startTime) ?? '',
    endedAt: isoTime(raw?.closeTime),
    input,
    failure,
  };
}

async function failureOf(rpc: Rpc, workflowId: string): Promise<ImportRun['failure']> {
  try {
    await jobHandle<unknown>(rpc, workflowId).result();
    return null;
  } catch (error) {
    if (error instanceof PerennialError) return failureRecord(error.type, error.message);
    throw error;
  }
}
