import type { SyncReport } from '../../client/index.ts';
import type { Overlap } from '../../contracts/schedules/vocabulary.ts';
import { withServices } from '../terminal/context.ts';
import { readJsonFile } from '../terminal/json.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { factsTable, note, print, printJson, printList, printTable } from '../terminal/output.ts';
import {
  readChanges,
  readRange,
  readSchedule,
  readTiming,
  type ScheduleOptions,
  type TimingOptions,
} from './options.ts';
import type { ScheduleContext, ScheduleServices } from './ports.ts';
import { factsOf, ledgerRow, listRow, timeRow } from './tables.ts';

export type { ScheduleOptions } from './options.ts';

/** Options of `perennial schedules next`. */
export interface NextCommandOptions extends TimingOptions {
  readonly count: number;
  readonly after?: string;
  readonly showIn?: string;
}

/** Options of `perennial schedules missed`. */
export interface MissedOptions {
  readonly all?: boolean;
  readonly limit: number;
}

/** Options of `perennial schedules backfill`. */
export interface BackfillOptions {
  readonly from: string;
  readonly to: string;
  readonly overlap?: Overlap;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

type Schedules = ScheduleServices['client']['schedules'];

/** Connects and runs work on schedules. */
function withSchedules(context: ScheduleContext, work: (schedules: Schedules) => Promise<void>): Promise<number> {
  return withServices(context, async ({ client }) => {
    await work(client.schedules);
    return exitCodes.ok;
  });
}

/** `perennial schedules sync`: makes the server's schedules match the file; exit code 1 when a name belongs to a schedule of another program. */
export async function sync(context: ScheduleContext, options: { dryRun?: boolean; json?: boolean }): Promise<number> {
  return withServices(context, async ({ client }) => {
    const report = await client.schedules.sync({ dryRun: options.dryRun });
    if (options.json) printJson(context, report);
    else printReport(context, report);
    return report.changes.some(({ action }) => action === 'conflict') ? exitCodes.failed : exitCodes.ok;
  });
}

function printReport(context: ScheduleContext, { changes, unchanged, others, dryRun }: SyncReport): void {
  const rows = changes.flatMap(({ id, action, differences, reason }) =>
    differences.length === 0
      ? [[action, id, reason ?? '', '', '']]
      : differences.map(({ field, from, to }) => [action, id, field, from, to]),
  );
  if (rows.length > 0) printTable(context, ['action', 'schedule', 'field', 'server has', 'code says'], rows);
  const done = dryRun ? 'would change' : 'changed';
  print(context, `${changes.length} ${done}, ${unchanged} as they were, ${others} of others left alone`);
}

/** `perennial schedules list`: lists all schedules of the server. */
export function list(context: ScheduleContext): Promise<number> {
  return withSchedules(context, async (schedules) => {
    const head = ['schedule', 'from', 'when', 'zone', 'next', 'state'];
    printList(context, { rows: await schedules.list(), head, cells: listRow });
  });
}

/** `perennial schedules show`: shows one schedule. */
export function show(context: ScheduleContext, id: string, options: { json?: boolean }): Promise<number> {
  return withSchedules(context, async (schedules) => {
    const view = await schedules.describe(id);
    if (options.json) printJson(context, view);
    else print(context, factsTable(factsOf(view)));
  });
}

/** `perennial schedules next`: lists the next times of a schedule, or of a timing that has not been added. */
export function next(context: ScheduleContext, id: string | undefined, options: NextCommandOptions): Promise<number> {
  const wanted = { count: options.count, after: options.after, showIn: options.showIn };
  const timing = id === undefined ? readTiming(options) : undefined;
  const { start, end, ...once } = readRange(options);
  const range = { ...once, start: start ?? undefined, end: end ?? undefined };
  return withSchedules(context, async (schedules) => {
    const times =
      timing === undefined
        ? await schedules.next(id ?? '', wanted)
        : schedules.preview(timing, options.zone ?? 'UTC', { ...wanted, ...range });
    printList(context, { rows: times, head: ['local time', 'UTC', ''], cells: timeRow });
  });
}

/** `perennial schedules missed`: lists runs, skips and misses from the ledger. */
export function missed(context: ScheduleContext, id: string | undefined, options: MissedOptions): Promise<number> {
  return withServices(context, async ({ scheduleLedger }) => {
    const rows = await scheduleLedger.list({
      limit: options.limit,
      ...(id === undefined ? {} : { scheduleId: id }),
      ...(options.all ? {} : { states: ['skipped', 'missed'] }),
    });
    printList(context, { rows, head: ['due', 'schedule', 'state', 'reason', 'detail'], cells: ledgerRow });
    return exitCodes.ok;
  });
}

/** Replaces the name of a file, `@file`, by the canvas in it. */
async function withCanvasOf(context: ScheduleContext, options: ScheduleOptions): Promise<ScheduleOptions> {
  const { canvas } = options;
  if (canvas?.startsWith('@') !== true) return options;
  return { ...options, canvas: JSON.stringify(await readJsonFile(context, canvas.slice(1), '--canvas')) };
}

/** `perennial schedules add`: adds a schedule. */
export async function add(context: ScheduleContext, id: string, options: ScheduleOptions): Promise<number> {
  const schedule = readSchedule(id, await withCanvasOf(context, options));
  return withSchedules(context, async (schedules) => {
    const { created } = await schedules.add(schedule);
    if (options.json) printJson(context, { id, created });
    else print(context, created ? `Added schedule ${id}` : `Schedule ${id} is there already`);
  });
}

/** `perennial schedules update`: changes the given parts of a schedule. */
export async function update(context: ScheduleContext, id: string, options: ScheduleOptions): Promise<number> {
  const changes = readChanges(await withCanvasOf(context, options));
  return withSchedules(context, async (schedules) => {
    await schedules.update(id, changes);
    if (options.json) printJson(context, await schedules.describe(id));
    else print(context, `Updated schedule ${id}`);
  });
}

/** `perennial schedules remove`: deletes a schedule. */
export function remove(context: ScheduleContext, id: string): Promise<number> {
  return withSchedules(context, async (schedules) => {
    await schedules.remove(id);
    print(context, `Removed schedule ${id}`);
  });
}

/** `perennial schedules pause`: pauses a schedule with a note. */
export function pause(context: ScheduleContext, id: string, words: string): Promise<number> {
  return withSchedules(context, async (schedules) => {
    await schedules.pause(id, words);
    print(context, `Paused schedule ${id}; go on with: perennial schedules resume ${id}`);
  });
}

/** `perennial schedules resume`: resumes a paused schedule with a note. */
export function resume(context: ScheduleContext, id: string, words: string): Promise<number> {
  return withSchedules(context, async (schedules) => {
    await schedules.unpause(id, words);
    print(context, `Schedule ${id} continues`);
  });
}

/** `perennial schedules trigger`: runs a schedule now. */
export function trigger(context: ScheduleContext, id: string): Promise<number> {
  return withSchedules(context, async (schedules) => {
    await schedules.trigger(id);
    print(context, `Triggered schedule ${id}; see: perennial schedules show ${id}`);
  });
}

/** `perennial schedules backfill`: runs a schedule for past times. */
export function backfill(context: ScheduleContext, id: string, options: BackfillOptions): Promise<number> {
  return withSchedules(context, async (schedules) => {
    const { from, to, overlap, dryRun } = options;
    const report = await schedules.backfill(id, { from, to, overlap, dryRun });
    if (options.json) {
      printJson(context, report);
      return;
    }
    for (const time of report.times) print(context, time);
    note(context, `${report.times.length} ${report.dryRun ? 'would be started' : 'started'}`);
  });
}

/** `perennial schedules user-report`: schedules a daily report for one user. */
export function userReport(context: ScheduleContext, userId: string, options: { json?: boolean }): Promise<number> {
  return withSchedules(context, async (schedules) => {
    const created = await schedules.createUserReportTask(userId);
    if (options.json) printJson(context, created);
    else print(context, `Schedule ${created.task_name} is there`);
  });
}
