import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { findHousekeepingTask, HOUSEKEEPING_TASKS } from '../../contracts/housekeeping/vocabulary.ts';
import type { HousekeepingResult } from '../../client/index.ts';
import { starting, UsageError, withServices, type CliContext, type CliServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { factsTable, note, print, printJson, printList } from '../terminal/output.ts';

/** Options of `perennial housekeeping`. */
export interface HousekeepingOptions {
  readonly dryRun?: boolean;
  readonly days?: number;
  readonly json?: boolean;
}

/** `perennial housekeeping`: runs one housekeeping task and prints its result. */
export async function runTask(context: CliContext, name: string, options: HousekeepingOptions): Promise<number> {
  const task = findHousekeepingTask(name);
  if (task === undefined)
    throw new UsageError(`There is no task ${name}. There are: ${HOUSEKEEPING_TASKS.join(', ')}.`);
  const { days, dryRun = false } = options;
  return withServices(context, async ({ client }) => {
    const job = await starting(client.housekeeping.runNamed(task, { dryRun, ...(days === undefined ? {} : { days }) }));
    const result = await job.result({ signal: context.signal });
    if (options.json) printJson(context, result);
    else print(context, factsTable(flat(result)));
    return isBad(result) ? exitCodes.failed : exitCodes.ok;
  });
}

/** Whether the exit code is 1, so that scripts notice warnings and bad health without parsing the output. */
function isBad(result: unknown): boolean {
  const status = typeof result === 'object' && result !== null && 'status' in result ? result.status : undefined;
  return status === 'warning' || status === 'unhealthy';
}

/** Flattens lists and records inside a result into separate rows. */
function flat(value: unknown, name = ''): Record<string, string | number> {
  if (typeof value !== 'object' || value === null) return { [name]: String(value) };
  const parts = Object.entries(value).map(
    ([key, part]: [string, unknown]) => [labelOf(name, key, part), part] as const,
  );
  return Object.assign({}, ...parts.map(([key, part]) => flat(part, key))) as Record<string, string | number>; // Object.assign forgets the type
}

/** Labels an entry of a list by its own name, or by its position when it has none. */
function labelOf(name: string, key: string, part: unknown): string {
  const own = typeof part === 'object' && part !== null ? part : {};
  const called = 'queue' in own ? own.queue : 'name' in own ? own.name : key;
  return name === '' ? key : `${name} ${String(called)}`;
}

/** Options of `perennial backup`. */
export interface BackupOptions {
  readonly file?: string;
  readonly keep?: number;
  readonly dryRun?: boolean;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** `perennial backup`: stores a backup of the database and, with `--file`, also writes it to a file. */
export async function backup(context: CliContext, options: BackupOptions): Promise<number> {
  return withServices(context, async (services) => {
    if (options.list) return listBackups(context, services);
    const { keep, dryRun = false, file } = options;
    const input = { dryRun, ...(keep === undefined ? {} : { keep }) };
    const job = await starting(services.client.housekeeping.run('backupDatabase', input));
    const result = await job.result({ signal: context.signal });
    if (file !== undefined && result.backup !== undefined)
      await save(services, result.backup, path.resolve(context.cwd, file));
    if (options.json) printJson(context, result);
    else print(context, factsTable(flat(result)));
    return exitCodes.ok;
  });
}

/** Writes a file that only its owner can read, because it holds the whole database. */
async function save(
  { blobs }: CliServices,
  ref: NonNullable<HousekeepingResult<'backupDatabase'>['backup']>,
  file: string,
): Promise<void> {
  try {
    await pipeline(await blobs.open(ref), createWriteStream(file, { mode: 0o600, flags: 'wx' }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new UsageError(`${file} exists already; a backup replaces nothing.`);
    await rm(file, { force: true });
    throw error;
  }
}

async function listBackups(context: CliContext, { blobs }: CliServices): Promise<number> {
  const found: { key: string; size_mb: number; made: string }[] = [];
  for await (const { ref, putAt } of blobs.list('backups'))
    found.push({ key: ref.key, size_mb: Math.round((ref.size / 1024 / 1024) * 100) / 100, made: putAt.toISOString() });
  found.sort((a, b) => (a.made < b.made ? 1 : -1));
  printList(context, {
    rows: found,
    head: ['made', 'size', 'key'],
    cells: ({ key, size_mb, made }) => [made, `${size_mb} MB`, key],
  });
  return exitCodes.ok;
}

/** `perennial restore`: loads a backup into a database that is empty or does not exist yet. Needs no running stack. */
export async function restore(
  context: CliContext,
  file: string,
  options: { readonly into: string; readonly json?: boolean },
): Promise<number> {
  if (!/^postgres(ql)?:\/\/.+\/.+/.test(options.into))
    throw new UsageError('--into: expected postgresql://user:password@host:port/name.');
  const report = await context.restore(path.resolve(context.cwd, file), options.into);
  if (options.json) printJson(context, report);
  else {
    print(context, factsTable({ tables: report.tables, rows: report.rows, made: report.createdAt }));
    note(context, 'Restored. Start Perennial with DATABASE_URL set to that database.');
  }
  return exitCodes.ok;
}
