/** Writes and reads the traces of sleeping tasks: one when the body begins, one for its effect and one at its end. */
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Name of the folder of traces inside the state folder of a stack. */
export const TRACES_FOLDER = 'traces';

const EFFECT = 'effect-';

/** Duration of the sleep of a task, in milliseconds. */
export const SLEEP_MS = 100;

/** Counts of the traces that tasks left. */
export interface Traces {
  /** Number of tasks whose body began more than once. */
  readonly begunTwice: number;
  /** Number of tasks whose body ran to its end more than once. */
  readonly doneTwice: number;
  /** Number of tasks that had their effect; the business key of a task allows its effect only once. */
  readonly effects: number;
}

/** Runs the body of the task: records the beginning, sleeps, and has its effect once for its business key. */
export async function sleepAndLeaveTraces(folder: string, key: string): Promise<void> {
  await appendFile(path.join(folder, 'begun'), `${key}\n`);
  await sleep(SLEEP_MS);
  try {
    // An exclusive create claims the key and has the effect in one step, as a row with a unique key does.
    await writeFile(path.join(folder, `${EFFECT}${key}`), '', { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  await appendFile(path.join(folder, 'done'), `${key}\n`);
}

/** Creates an empty folder for traces. */
export async function openTraces(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}

/** Returns the number of bodies that have begun so far. */
export async function countBegun(folder: string): Promise<number> {
  return (await linesOf(folder, 'begun')).length;
}

/** Counts the traces of the tasks whose keys start with `prefix`. */
export async function readTraces(folder: string, prefix: string): Promise<Traces> {
  const own = async (name: string): Promise<readonly string[]> =>
    (await linesOf(folder, name)).filter((key) => key.startsWith(prefix));
  return {
    begunTwice: countRepeated(await own('begun')),
    doneTwice: countRepeated(await own('done')),
    effects: (await readdir(folder)).filter((name) => name.startsWith(`${EFFECT}${prefix}`)).length,
  };
}

async function linesOf(folder: string, name: string): Promise<readonly string[]> {
  try {
    return (await readFile(path.join(folder, name), 'utf8')).split('\n').filter((line) => line !== '');
  } catch {
    return []; // no task has written this trace yet
  }
}

function countRepeated(lines: readonly string[]): number {
  const times = new Map<string, number>();
  for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
  return [...times.values()].filter((count) => count > 1).length;
}
