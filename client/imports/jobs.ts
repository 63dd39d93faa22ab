/** Starts imports and finds them. */
import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../contracts/failures.ts';
import { importInputSchema, type ImportInput, type ImportResult } from '../../contracts/imports/schema.ts';
import {
  findImportSchema,
  importMessages,
  importSchemas,
  importWorkflowId,
  importWorkflows,
  isImportWorkflowId,
  type ImportProgress,
} from '../../contracts/imports/vocabulary.ts';
import type { dataImport } from '../../workflows/index.ts';
import { followJob, jobHandle } from '../connection/handles.ts';
import type { ImportHandle, ImportJobs } from './types.ts';
import { createImportLooks } from './looks.ts';
import { readRun } from './run.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ClientContext } from '../domain.ts';
import { fingerprintOf } from '../connection/fingerprint.ts';
import { jobNameSchema, startJob } from '../connection/start-job.ts';
import { validate } from '../connection/validate.ts';

/** Binds imports to a connection. */
export function createImportJobs({ rpc, importRecords }: Pick<ClientContext, 'rpc' | 'importRecords'>): ImportJobs {
  const get = (id: string): ImportHandle => importHandle(rpc, workflowIdOf(id));
  return {
    start: (input, options) => start(rpc, input, options?.id),
    get,
    ...createImportLooks(importRecords, get),
  };
}

/** Accepts both the workflow id and the caller's name of an import, because users see and type both. */
function workflowIdOf(id: string): string {
  const name = validate(jobNameSchema, id, 'id');
  return isImportWorkflowId(name) ? name : importWorkflowId(name);
}

async function start(rpc: Rpc, given: ImportInput, id: string | undefined): Promise<ImportHandle> {
  const workflowId = workflowIdOf(id ?? randomUUID());
  const input = validate(importInputSchema, given);
  requireSchema(input.schema);
  await startJob<typeof dataImport>(rpc, {
    workflow: importWorkflows.dataImport,
    workflowId,
    staticSummary: 'import of data',
    args: [input],
    whenDone: 'keep',
    // The window is left out of the fingerprint.
    fingerprint: fingerprintOf(rpc, { ...input, window: undefined }),
  });
  return importHandle(rpc, workflowId);
}

function requireSchema(name: string | undefined): void {
  if (name === undefined || findImportSchema(name) !== undefined) return;
  const known = Object.keys(importSchemas).join(', ');
  throw new PerennialError('ImportSchemaUnknown', `schema: expected one of ${known}, got '${name}'`);
}

function importHandle(rpc: Rpc, workflowId: string): ImportHandle {
  const job = jobHandle<ImportResult>(rpc, workflowId);
  const progress = (): Promise<ImportProgress> =>
    rpc.call(workflowId, (client) =>
      client.workflow.getHandle(workflowId).query<ImportProgress>(importMessages.progress),
    );
  return {
    ...job,
    progress,
    follow: (options) => followJob(job, progress, options),
    run: () => readRun(rpc, workflowId),
    rejects: async () => (await job.result()).rejects,
  };
}
