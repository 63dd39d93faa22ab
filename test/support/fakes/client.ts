/** A client whose jobs are scripted: what a batch says and when it ends is set by the test. */
import {
  NotFound,
  type BatchHandle,
  type JobHandle,
  type JobStatus,
  type PerennialClient,
  type ImportJobs,
  type ScheduleJobs,
} from '../../../client/index.ts';
import type { BatchSummary } from '../../../contracts/documents/schema.ts';
import {
  documentWorkflowId,
  parseDocumentWorkflowId,
  type BatchProgress,
} from '../../../contracts/documents/vocabulary.ts';
import { fakeAudit, type FakeAudit } from './audit.ts';
import { fakeBreakers } from './breakers.ts';
import { fakeCanvas } from './canvas.ts';
import { fakeDlq } from './dlq.ts';
import { fakeParked } from './parked.ts';
import { fakeTasks, type FakeTasks } from './tasks.ts';
import { fakeImports, type FakeImports } from './imports.ts';
import { fakeSchedules, type FakeSchedules } from './schedules.ts';
import { fakeEmail } from './email.ts';
import { fakeData } from './data.ts';
import { fakeMedia } from './media.ts';
import { fakeMessages } from './messages.ts';
import { fakeReports } from './reports.ts';
import { fakeHousekeeping } from './housekeeping.ts';

export interface ScriptedBatch {
  status: JobStatus;
  /** What `follow` gives, one after the other; the last one is also what `progress` says. */
  steps: BatchProgress[];
  /** Thrown by `progress` in place of an answer. */
  silence?: Error;
  /** `follow` waits for this before each step. */
  gate?: () => Promise<void>;
  summary?: Partial<BatchSummary>;
  failure?: Error;
}

/** Everything that was asked of the client, as `[method, …arguments]`. */
export type Asked = readonly unknown[];

export interface FakeClient extends PerennialClient {
  readonly audit: FakeAudit;
  readonly imports: ImportJobs & FakeImports;
  readonly schedules: ScheduleJobs & FakeSchedules;
  readonly scripted: FakeTasks;
  readonly asked: Asked[];
  readonly batches: Map<string, ScriptedBatch>;
  workers: number;
  /** Thrown by the next calls that start something. */
  failure: Error | undefined;
  /** What jobs of single documents give. */
  jobResult: () => Promise<unknown>;
}

export function progress(facts: Partial<BatchProgress> = {}): BatchProgress {
  return {
    phase: 'reading',
    paused: false,
    total: 3,
    completed: 0,
    failed: 0,
    missing: 0,
    inFlight: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
    remainingMs: null,
    ...facts,
  };
}

/** A domain that no test of API and CLI uses has no fake: a use of it fails at once. */
function onlyThese(fakes: Partial<FakeClient>): FakeClient {
  return fakes as FakeClient;
}

export function fakeClient(): FakeClient {
  const asked: Asked[] = [];
  const batches = new Map<string, ScriptedBatch>();
  const log = (...call: unknown[]) => void asked.push(call);
  const workflowId = (id: string) =>
    parseDocumentWorkflowId(id)?.workflow === 'batchOcr' ? id : documentWorkflowId('batchOcr', id);
  const start = <T>(value: T): Promise<T> =>
    fake.failure === undefined ? Promise.resolve(value) : Promise.reject(fake.failure);
  const job = <T>(id: string): JobHandle<T> => ({
    id,
    result: () => fake.jobResult() as Promise<T>,
    status: () => Promise.resolve('running'),
    cancel: () => Promise.resolve(),
  });
  const fake: FakeClient = onlyThese({
    asked,
    batches,
    workers: 1,
    failure: undefined,
    jobResult: () => new Promise(() => undefined),
    documents: {
      batchOcr: (input, options) => {
        log('batchOcr', input, options);
        const id = workflowId(options?.id ?? 'b1');
        if (!batches.has(id) && fake.failure === undefined) batches.set(id, { status: 'running', steps: [progress()] });
        return start(batchOf(batches, log, id));
      },
      getBatch: (id) => batchOf(batches, log, workflowId(id)),
      resumeBatch: (id, options) => {
        log('resumeBatch', id, options);
        return start(batchOf(batches, log, workflowId(id)));
      },
      process: (id, options) => {
        log('process', id, options);
        return start(job(documentWorkflowId('processDocumentOcr', id)));
      },
      processMany: (ids, backend) => {
        log('processMany', ids, backend);
        const tasks = ids.map((id) => ({ document_id: id, task_id: documentWorkflowId('processDocumentOcr', id) }));
        return start({ status: 'queued', total_documents: ids.length, tasks });
      },
      extractInvoice: (id) => {
        log('extractInvoice', id);
        return start(job(documentWorkflowId('extractInvoiceData', id)));
      },
    },
    canvas: fakeCanvas(log, start, job),
    imports: fakeImports(log),
    schedules: fakeSchedules(log),
    ...fakeTasks(log),
    audit: fakeAudit(log),
    breakers: fakeBreakers(log),
    parked: fakeParked(log),
    data: fakeData(log),
    dlq: fakeDlq(log),
    email: fakeEmail(log, () => fake.jobResult()),
    media: fakeMedia(log, () => fake.jobResult()),
    messages: fakeMessages(log, () => fake.jobResult()),
    housekeeping: fakeHousekeeping(log, start, job),
    reports: fakeReports(log, start, job),
    ping: () => Promise.resolve(),
    countWorkers: () => Promise.resolve(fake.workers),
    close: () => {
      log('close');
      return Promise.resolve();
    },
  });
  return fake;
}

function batchOf(batches: Map<string, ScriptedBatch>, log: (...call: unknown[]) => void, id: string): BatchHandle {
  const find = (): ScriptedBatch => {
    const batch = batches.get(id);
    if (batch === undefined) throw new NotFound(id);
    return batch;
  };
  const tell = (what: string) => async (): Promise<void> => {
    await Promise.resolve(find());
    log(what, id);
  };
  return {
    id,
    status: async () => Promise.resolve(find().status),
    progress: async () => {
      const { steps, silence } = await Promise.resolve(find());
      if (silence !== undefined) throw silence;
      return steps.at(-1) ?? progress();
    },
    result: async () => {
      const { summary, failure } = await Promise.resolve(find());
      if (failure !== undefined) throw failure;
      return { batchId: id, total: 0, saved: 0, failed: 0, missing: 0, pending: 0, ...summary };
    },
    cancel: tell('cancel'),
    pause: tell('pause'),
    resume: tell('resume'),
    async *follow(options) {
      for (const step of find().steps) {
        await find().gate?.();
        if (options?.signal?.aborted) return;
        yield step;
      }
    },
  };
}
