/** Starts reports and exports and finds them. */
import { createHash, randomUUID } from 'node:crypto';
import type { Workflow, WorkflowStartOptions } from '@temporalio/client';
import { queues } from '../../contracts/queues/names.ts';
import {
  parseReportWorkflowId,
  type ReportWorkflow,
  reportWorkflowId,
  reportWorkflows,
} from '../../contracts/reports/vocabulary.ts';
import { type ReportStart, reportStartSchema } from '../../contracts/reports/schema.ts';
import type {
  createMonthlyReport,
  exportData,
  generateDailyReport,
  generateUserReport,
  generateWeeklyReport,
  reportPipeline,
} from '../../workflows/index.ts';
import { NotFound } from '../connection/errors.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import { jobHandle } from '../connection/handles.ts';
import type { ReportJobs, ReportResult } from './types.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ClientContext } from '../domain.ts';
import { jobNameSchema, startJob } from '../connection/start-job.ts';
import { validate } from '../connection/validate.ts';
import type { JobHandle } from '../connection/jobs.ts';

/** Binds reports to a connection. */
export function createReportJobs({ rpc }: Pick<ClientContext, 'rpc'>): ReportJobs {
  // The workflow of each kind returns the type that the interface declares.
  const typed = <Result>(input: ReportStart, id?: string): Promise<JobHandle<Result>> =>
    start(rpc, input, id) as Promise<JobHandle<unknown>> as Promise<JobHandle<Result>>;
  return {
    start: (input, options) => typed(input, options?.id),
    daily: (options = {}) => typed({ ...options, kind: 'daily' }),
    weekly: (options = {}) => typed({ ...options, kind: 'weekly' }),
    monthly: (options = {}) => typed({ ...options, kind: 'monthly' }),
    user: (userId, from, to) => typed({ kind: 'user', userId, start: from, end: to }),
    run: (from, to, options = {}) => typed({ ...options, kind: 'period', start: from, end: to }),
    export: (input) => typed({ ...input, kind: 'export' }),
    get: (id) => {
      if (parseReportWorkflowId(id) === undefined) throw new NotFound(id, 'report');
      return jobHandle<ReportResult>(rpc, id);
    },
  };
}

async function start(rpc: Rpc, given: ReportStart, id?: string): Promise<JobHandle<ReportResult>> {
  const name = id === undefined ? undefined : validate(jobNameSchema, id, 'id');
  // JSON drops options with the value `undefined`.
  const input = validate(reportStartSchema, JSON.parse(JSON.stringify(given)));
  switch (input.kind) {
    case 'daily':
      return begin<typeof generateDailyReport>({ rpc, input, name }, 'generateDailyReport', {
        args: [optionsOf(input)],
      });
    case 'weekly':
      return begin<typeof generateWeeklyReport>({ rpc, input, name }, 'generateWeeklyReport', {
        args: [optionsOf(input)],
      });
    case 'monthly':
      return begin<typeof createMonthlyReport>({ rpc, input, name }, 'createMonthlyReport', {
        args: [optionsOf(input)],
      });
    case 'user': {
      const { userId, start: from, end } = input;
      return begin<typeof generateUserReport>({ rpc, input, name }, 'generateUserReport', {
        args: [userId, from, end],
      });
    }
    case 'period': {
      const { kind: _kind, start: from, end, ...options } = input;
      return begin<typeof reportPipeline>({ rpc, input, name }, 'reportPipeline', { args: [from, end, options] });
    }
    case 'export': {
      const { kind: _kind, start: startDate, end: endDate, ...rest } = input;
      return begin<typeof exportData>({ rpc, input, name }, 'exportData', { args: [{ ...rest, startDate, endDate }] });
    }
  }
}

type CalendarStart = Extract<ReportStart, { kind: 'daily' | 'weekly' | 'monthly' }>;

function optionsOf({ kind: _kind, ...options }: CalendarStart): Omit<CalendarStart, 'kind'> {
  return options;
}

/** What each report is, for the screens of the server; whom it is about stays out of it. */
const SUMMARIES: Readonly<Record<ReportStart['kind'], string>> = {
  daily: 'report on a day',
  weekly: 'report on a week',
  monthly: 'report on a month',
  user: 'report on a user',
  period: 'report on a period',
  export: 'export of data',
};

/** A start that was checked. */
interface Start {
  readonly rpc: Rpc;
  readonly input: ReportStart;
  /** Name that the caller gave the job. */
  readonly name: string | undefined;
}

/** Starts a workflow; the type argument names it, so that the compiler checks its arguments. */
async function begin<W extends Workflow>(
  { rpc, input, name }: Start,
  workflow: ReportWorkflow,
  { args }: { readonly args: Parameters<W> },
): Promise<JobHandle<ReportResult>> {
  const type = reportWorkflows[workflow];
  const staticSummary = SUMMARIES[input.kind];
  const workflowId = reportWorkflowId(workflow, name ?? keyOf(input));
  if (name === undefined) {
    const options = {
      args,
      workflowId,
      taskQueue: queues.workflows,
      typedSearchAttributes: indexedAs({ task: type, root: workflowId }),
      staticSummary,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    } as unknown as WorkflowStartOptions<W>; // the compiler cannot see that these are the arguments of W
    await rpc.call(workflowId, (client) => client.workflow.start<W>(type, options));
  } else await startJob<W>(rpc, { workflow: type, workflowId, args, staticSummary, whenDone: 'keep' });
  return jobHandle(rpc, workflowId);
}

/** The same input is the same job; what is counted back from now is another one every time. Hashed, because it may hold an address. */
function keyOf(input: ReportStart): string {
  const day = 'start' in input ? input.start : input.date;
  if (day === undefined) return randomUUID();
  const sorted = Object.entries(input).sort(([a], [b]) => a.localeCompare(b));
  return `${day}-${createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16)}`;
}
