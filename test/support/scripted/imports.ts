/** The activities of imports as a script in memory, for workflow tests and recorded histories. */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { failures, type FailureType } from '../../../contracts/failures.ts';
import { isRetriedClass } from '../../../contracts/failures/rule.ts';
import type {
  CleanupInput,
  FinishInput,
  ImportLayout,
  ImportResult,
  SaveInput,
  SyncSource,
} from '../../../contracts/imports/schema.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { work } from '../work.ts';

/** What the scripted file is like. */
export interface ScriptedFile {
  /** Rows of each range. @defaultValue one range of 10 rows */
  readonly ranges?: readonly number[];
  /** Rejected rows of each range. @defaultValue 0 */
  readonly bad?: number;
  /** A step that fails with this type in its first `times` attempts. @defaultValue always */
  readonly fails?: { readonly step: string; readonly type: FailureType; readonly times?: number };
  /** How long one range takes, in milliseconds; cancellation ends it. @defaultValue 0 */
  readonly takesMs?: number;
  readonly sources?: readonly SyncSource[];
  /** Documents that the list made. @defaultValue 0 */
  readonly documents?: number;
}

/** A scripted world and what happened in it. */
export interface ScriptedImports {
  readonly activities: Activities;
  /** Names of the tasks in the order in which they were begun. */
  readonly steps: string[];
  readonly saves: SaveInput[];
  readonly ends: FinishInput[];
  readonly cleanups: CleanupInput[];
}

const SHA = '0'.repeat(64);

/** Scripts one file. */
export function scriptImports(file: ScriptedFile = {}): ScriptedImports {
  const ranges = file.ranges ?? [10];
  const bad = file.bad ?? 0;
  const world = {
    steps: [] as string[],
    saves: [] as SaveInput[],
    ends: [] as FinishInput[],
    cleanups: [] as CleanupInput[],
  };
  const done = new Set<number>();
  const begin = (step: string): void => {
    world.steps.push(step);
    failAsScripted(file, step);
  };
  const layout: ImportLayout = {
    format: 'csv',
    encoding: 'utf-8',
    encodingFrom: 'bytes',
    mixedEncoding: false,
    delimiter: ',',
    header: ['id'],
    ignored: [],
    bytes: ranges.length * 1000,
    lines: 1 + ranges.reduce((sum, rows) => sum + rows, 0),
  };
  const finish = (input: FinishInput): ImportResult => {
    world.ends.push(input);
    const read = [...done].reduce((sum, range) => sum + (ranges[range] ?? 0), 0);
    const rejected = done.size * bad;
    return {
      importId: input.importId,
      status: read === 0 ? 'empty' : rejected === 0 ? 'complete' : 'partial',
      dryRun: false,
      read,
      saved: read - rejected,
      rejected,
      skipped: 0,
      layout,
    };
  };
  const activities: Record<string, (input: never) => unknown> = {
    'imports.download': () => ({ size: layout.bytes, sha256: SHA }),
    'imports.parse': () => ({ layout, ranges: ranges.length }),
    'imports.save': async (input: SaveInput) => {
      world.saves.push(input);
      if (file.takesMs !== undefined) await work(file.takesMs);
      done.add(input.range);
      const read = ranges[input.range] ?? 0;
      return { read, saved: read - bad, rejected: bad, skipped: 0, bytes: 1000 };
    },
    'imports.fetchDocuments': () => ({ fetched: 0, refused: 0 }),
    'imports.listDocuments': () =>
      file.documents === undefined
        ? { documents: 0 }
        : { documents: file.documents, manifest: { store: 'file', key: `manifests/00/${SHA}`, size: 1, sha256: SHA } },
    'imports.finish': finish,
    'imports.cleanup': (input: CleanupInput) => {
      world.cleanups.push(input);
      return { removed: true, ...(input.result === undefined ? {} : { result: input.result }) };
    },
    'imports.listSyncSources': () => ({ sources: file.sources ?? [] }),
  };
  const scripted = Object.fromEntries(
    Object.entries(activities).map(([name, body]) => [
      name,
      (input: unknown) => {
        begin(name);
        return Promise.resolve(body(input as never)); // each takes the one input of its task
      },
    ]),
  );
  return { ...world, activities: scripted };
}

function failAsScripted({ fails }: ScriptedFile, step: string): void {
  if (fails?.step !== step || Context.current().info.attempt > (fails.times ?? Infinity)) return;
  const retried = isRetriedClass(failures[fails.type].class);
  throw ApplicationFailure.create({
    type: fails.type,
    message: `scripted ${fails.type}`,
    ...(retried ? { nextRetryDelay: 5 } : { nonRetryable: true }),
  });
}
