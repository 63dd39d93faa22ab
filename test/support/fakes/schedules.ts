/** Schedules of a fake client: they remember what was asked, and answer from a list that the test fills. */
import { NotFound, type ScheduleJobs, type ScheduleView, type SyncReport } from '../../../client/index.ts';
import { DEFAULT_SCHEDULE_POLICY, type ScheduleDefinition } from '../../../contracts/schedules/vocabulary.ts';
import type { ScheduleRun } from '../../../contracts/schedules/schema.ts';
import type { RunFilter, ScheduleLedger } from '../../../services/schedules/port.ts';
import { forecast } from '../../../schedules/next.ts';
import { compileRecurrence } from '../../../schedules/timing.ts';

export interface FakeSchedules {
  readonly views: Map<string, ScheduleView>;
  report: SyncReport;
  /** Thrown by the next calls. */
  failure: Error | undefined;
}

export function definition(facts: Partial<ScheduleDefinition> = {}): ScheduleDefinition {
  return {
    id: 'nightly',
    purpose: 'For the test.',
    timing: { cron: '0 2 * * *' },
    timeZone: 'UTC',
    target: { task: 'documents.extractInvoice', input: { documentId: '00000000-0000-4000-8000-000000000001' } },
    policy: DEFAULT_SCHEDULE_POLICY,
    ...facts,
  };
}

export function view(facts: Partial<ScheduleView> = {}): ScheduleView {
  return {
    id: 'nightly',
    origin: 'dynamic',
    definition: definition(),
    paused: false,
    remaining: null,
    note: null,
    next: ['2026-01-02T02:00:00.000Z'],
    recent: [],
    running: [],
    counts: { started: 1, missedCatchup: 0, skippedOverlap: 0, droppedFromBuffer: 0, waiting: 0 },
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: null,
    ...facts,
  };
}

export function fakeSchedules(log: (...call: unknown[]) => void): ScheduleJobs & FakeSchedules {
  const views = new Map<string, ScheduleView>();
  const find = (id: string): ScheduleView => {
    if (fake.failure !== undefined) throw fake.failure;
    const found = views.get(id);
    if (found === undefined) throw new NotFound(id, 'schedule');
    return found;
  };
  const tell =
    (what: string) =>
    async (id: string, ...rest: unknown[]): Promise<void> => {
      await Promise.resolve(find(id));
      log(what, id, ...rest);
    };
  const answer = <T>(value: T): Promise<T> =>
    fake.failure === undefined ? Promise.resolve(value) : Promise.reject(fake.failure);
  const fake: ScheduleJobs & FakeSchedules = {
    views,
    failure: undefined,
    report: { dryRun: false, changes: [], unchanged: 0, others: 0 },
    sync: (options) => {
      log('sync', options);
      return answer(fake.report);
    },
    add: (schedule) => {
      log('add', schedule);
      return answer({ created: !views.has(schedule.id) });
    },
    put: (schedule) => {
      log('put', schedule);
      return answer(undefined);
    },
    update: tell('update'),
    remove: tell('remove'),
    pause: tell('pause'),
    unpause: tell('unpause'),
    trigger: tell('trigger'),
    backfill: async (id, range) => {
      await Promise.resolve(find(id));
      log('backfill', id, range);
      return { dryRun: range.dryRun ?? false, times: [range.from] };
    },
    list: () => answer([...views.values()]),
    describe: async (id) => Promise.resolve(find(id)),
    runsSince: () => answer([]),
    pausesSince: () => answer([]),
    next: async (id, options) => {
      await Promise.resolve(find(id));
      log('next', id, options);
      return fake.preview(definition().timing, 'UTC', { ...options, after: options?.after ?? '2026-01-01T00:00:00Z' });
    },
    preview: (timing, timeZone, { count = 10, after, showIn, ...range } = {}) =>
      forecast(compileRecurrence({ timing, timeZone, ...range }), {
        count,
        afterMs: after === undefined ? Date.now() : Date.parse(after),
        ...(showIn === undefined ? {} : { showIn }),
      }),
    createUserReportTask: (userId) => {
      log('createUserReportTask', userId);
      return answer({ status: 'created', task_name: `user_daily_report_${userId}` });
    },
  };
  return fake;
}

/** A ledger that gives what the test put in, and remembers what was asked. */
export interface MemoryLedger extends Pick<ScheduleLedger, 'list'> {
  readonly rows: ScheduleRun[];
  readonly asked: RunFilter[];
}

export function memoryLedger(): MemoryLedger {
  const rows: ScheduleRun[] = [];
  const asked: RunFilter[] = [];
  return {
    rows,
    asked,
    list: (filter) => {
      asked.push(filter);
      return Promise.resolve(rows.filter(({ state }) => filter.states?.includes(state) ?? true));
    },
  };
}
