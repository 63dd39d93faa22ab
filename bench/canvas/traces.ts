/** What sleeping tasks leave behind, so that nothing that was done can hide: begun, and the effect itself. */
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Folder of the traces inside the state folder of a stack. */
export const TRACES_FOLDER = 'traces';

const EFFECT = 'effect-';

/** How long a task sleeps, in milliseconds. */
export const SLEEP_MS = 100;

/** Counts of what tasks left behind. */
export interface Traces {
  /** Tasks whose body was begun more than once. */
  readonly begunTwice: number;
  /** Tasks whose body ran to its end more than once. */
  readonly doneTwice: number;
  /** Tasks that have had their effect; their business key lets each have it once. */
  readonly effects: number;
}

/** The body of the task: begins, sleeps, has its effect once for its business key. */
export async function sleepAndLeaveTraces(folder: string, key: string): Promise<void> {
  await appendFile(path.join(folder, 'begun'), `${key}\n`);
  await sleep(SLEEP_MS);
  try {
    // Claims the key and has the effect at one stroke, as a row with a unique key does.
    await writeFile(path.join(folder, `${EFFECT}${key}`), '', { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  await appendFile(path.join(folder, 'done'), `${key}\n`);
}

/** Makes an empty folder for traces. */
export async function openTraces(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}

/** Begun bodies so far. */
export async function countBegun(folder: string): Promise<number> {
  return (await linesOf(folder, 'begun')).length;
}

/** Reads what the tasks left behind whose keys start with `prefix`. */
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
    return []; // nothing has happened yet
  }
}

function countRepeated(lines: readonly string[]): number {
  const times = new Map<string, number>();
  for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
  return [...times.values()].filter((count) => count > 1).length;
}
