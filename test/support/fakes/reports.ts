/** Reports in memory: the store, and jobs that give what the test says. */
import { NotFound, type JobHandle } from '../../../client/index.ts';
import type { ReportJobs } from '../../../client/reports/types.ts';
import type { BlobRef } from '../../../contracts/values/blobs.ts';
import { parseReportWorkflowId, reportWorkflowId } from '../../../contracts/reports/vocabulary.ts';
import type { Chart, ReportView } from '../../../contracts/reports/schema.ts';
import type { ReportStore, ReportUser } from '../../../services/reports/port.ts';

export interface MemoryReports extends ReportStore {
  readonly rows: Map<string, { readonly view: ReportView; readonly file: BlobRef; readonly charts: readonly Chart[] }>;
  /** Users that are known. */
  readonly users: ReportUser[];
}

export function memoryReports(): MemoryReports {
  const rows: MemoryReports['rows'] = new Map();
  const unused = (name: string) => () => Promise.reject(new Error(`${name} is not part of this fake`));
  return {
    rows,
    users: [],
    save: unused('save'),
    noteSent: unused('noteSent'),
    view: (id) => Promise.resolve(rows.get(id)?.view),
    files: (id) => Promise.resolve(rows.get(id)),
    list: ({ userId, kind, limit }) => {
      const all = [...rows.values()]
        .map(({ view }) => view)
        .filter(
          (view) => (userId === undefined || view.userId === userId) && (kind === undefined || view.kind === kind),
        );
      return Promise.resolve({ reports: all.slice(0, limit), next: all[limit - 1]?.id ?? null });
    },
  };
}

export function fakeReports(
  log: (...call: unknown[]) => void,
  start: <T>(value: T) => Promise<T>,
  job: <T>(id: string) => JobHandle<T>,
): ReportJobs {
  const begin = <T>(what: string, ...input: unknown[]): Promise<JobHandle<T>> => {
    log(what, ...input);
    return start(job<T>(reportWorkflowId('reportPipeline', '1')));
  };
  return {
    start: (input) => begin('reports.start', input),
    daily: (options) => begin('reports.daily', options),
    weekly: (options) => begin('reports.weekly', options),
    monthly: (options) => begin('reports.monthly', options),
    user: (...input) => begin('reports.user', ...input),
    run: (...input) => begin('reports.run', ...input),
    export: (input) => begin('reports.export', input),
    get: (id) => {
      if (parseReportWorkflowId(id) === undefined) throw new NotFound(id, 'report');
      return job(id);
    },
  };
}
