/** Really kills a worker in the middle of a pack: what it had told is kept, only the rest runs again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseStreamedCallId } from '../../contracts/tasks/streamed-calls.ts';
import type { EffectOutput } from '../../contracts/operations/schema.ts';
import { type Pack, PACK_ACTIVITY, type PackOutcomes } from '../../contracts/tasks/packs.ts';
import { call, group } from '../support/canvas/signatures.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';

const TASK = 'operations.noteEffect';
const CALLS = 200;
const WORK_MS = 100;
/** Outcomes of a pack that the server knows of: it is in its middle then, for a first pack has 25 calls. */
const TOLD = 3;

let world: TestStack;
let faults: Faults;

beforeAll(async () => {
  world = await startTestStack({
    workers: TWO_WORKERS,
  });
  faults = await createFaults(world);
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

const numbers: readonly number[] = Array.from({ length: CALLS }, (_, n) => n);
const keyOf = (name: string, n: number): string => `${name}-${n}`;
/** Somebody has had the effect of these before, in no regular order: so results show whose they are. */
const isOld = (n: number): boolean => (n * n) % 11 < 4;

async function noteOldOnes(name: string): Promise<void> {
  const keys = numbers.filter(isOld).map((n) => keyOf(name, n));
  await world.database.query(`insert into operations_effects (kind, key) select 'note', unnest($1::text[])`, [keys]);
}

async function effects(name: string): Promise<readonly string[]> {
  const { rows } = await world.database.query<{ key: string }>(
    `select key from operations_effects where kind = 'note' and key like $1`,
    [`${name}-%`],
  );
  return rows.map(({ key }) => key).sort();
}

/** What the server knew of a pack when its worker was killed. */
interface Hit {
  /** Keys of calls, by whether their outcomes had been told. */
  readonly told: readonly string[];
  readonly unfinished: readonly string[];
}

/** Kills the worker of the first pack that is seen in its middle; tells of all packs that die with it. */
async function killInPack(workflowId: string): Promise<readonly Hit[]> {
  for (let waited = 0; waited < 60_000; waited += 10) {
    const packs = await faults.running(workflowId, PACK_ACTIVITY);
    const begun = packs.find(({ heartbeat }) => toldBy(heartbeat) >= TOLD);
    if (begun !== undefined) {
      expect(Object.values(world.stack.processes).map(({ pid }) => pid)).toContain(begun.pid);
      process.kill(begun.pid, 'SIGKILL');
      const inputs = new Map((await faults.activities(workflowId, PACK_ACTIVITY)).map(({ id, input }) => [id, input]));
      const dying = packs.filter(({ pid }) => pid === begun.pid);
      return dying.map(({ id, heartbeat }) => hitOf(inputs.get(id) as Pack, toldBy(heartbeat)));
    }
    await sleep(10);
  }
  throw new TypeError(`expected a pack of ${workflowId} to tell ${TOLD} outcomes within 60 s, none did`);
}

function toldBy(heartbeat: unknown): number {
  // A pack beats with nothing else; it goes from the first to the last.
  return ((heartbeat ?? []) as PackOutcomes).filter(({ length }) => length > 0).length;
}

function hitOf({ items }: Pack, told: number): Hit {
  const keys = items.map(([step]) => String(step?.kwargs?.['key']));
  return { told: keys.slice(0, told), unfinished: keys.slice(told) };
}

/** What holds of all results, whoever asked for the calls. */
async function expectOnlyUnfinishedAgain(
  name: string,
  results: readonly EffectOutput[],
  hits: readonly Hit[],
): Promise<void> {
  expect(results).toHaveLength(CALLS);
  const firsts = numbers.filter((n) => results[n]?.attempt === 1);
  expect(firsts.filter((n) => results[n]?.first === isOld(n))).toEqual([]);
  // An effect that had happened unheard of does not happen again; an old one never does.
  expect(numbers.filter((n) => isOld(n) && results[n]?.first === true)).toEqual([]);
  expect(await effects(name)).toEqual(numbers.map((n) => keyOf(name, n)).sort());

  const again = numbers.filter((n) => results[n]?.attempt === 2).map((n) => keyOf(name, n));
  expect(firsts.length + again.length).toBe(CALLS);
  expect(again.length).toBeGreaterThan(0);
  const told = new Set(hits.flatMap((hit) => hit.told));
  const unfinished = new Set(hits.flatMap((hit) => hit.unfinished));
  expect(told.size).toBeGreaterThanOrEqual(TOLD);
  expect(again.filter((key) => told.has(key))).toEqual([]);
  expect(again.filter((key) => !unfinished.has(key))).toEqual([]);
}

/** Only packs that died with the worker begin a second time, and none goes on without end. */
async function expectPacksAgain(workflowId: string, hits: readonly Hit[]): Promise<void> {
  const packs = await faults.activities(workflowId, PACK_ACTIVITY);
  expect(packs.every(({ completed, attempts }) => completed && attempts <= 2)).toBe(true);
  const again = packs.filter(({ attempts }) => attempts === 2).length;
  expect(again).toBeGreaterThan(0);
  expect(again).toBeLessThanOrEqual(hits.length);
}

describe('a worker is killed in the middle of a pack', () => {
  it('CANVAS-2 CANVAS-10 IDEM-4 WORK-17 of 200 members only the unfinished run again; each effect once, in order', async () => {
    await noteOldOnes('member');
    const members = numbers.map((n) => call(TASK, { key: keyOf('member', n), work_ms: WORK_MS }));
    const run = await world.client.canvas.run(group(...members));
    const hits = await killInPack(run.id);
    const results = await run.result({ timeoutMs: 60_000 });
    await expectOnlyUnfinishedAgain('member', results as EffectOutput[], hits); // what the task gives
    await expectPacksAgain(run.id, hits);
  });

  it('IDEM-4 WORK-17 of 200 calls of a stream only the unfinished run again; each effect once, for its own call', async () => {
    await noteOldOnes('call');
    // Long enough for all of them to share one run.
    const stream = world.client.tasks.stream({ maxWaitMs: 1_000 });
    const made = numbers.map((n) => stream.call(TASK, { key: keyOf('call', n), work_ms: WORK_MS }));
    const handles = await Promise.all(made);
    const runs = new Set(handles.map(({ id }) => parseStreamedCallId(id)?.batchId ?? id));
    expect(runs.size).toBe(1);
    const [runId = ''] = runs;
    const hits = await killInPack(runId);
    const results = await Promise.all(handles.map((handle) => handle.result({ timeoutMs: 60_000 })));
    await expectOnlyUnfinishedAgain('call', results, hits);
    await expectPacksAgain(runId, hits);
  });
});
