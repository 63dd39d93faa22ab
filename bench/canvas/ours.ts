/** Our side of the comparison with Celery: through the client, as an application would. */
import { runWindow, sourceOf } from '../../concurrency/window.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import type { PerennialClient } from '../../client/index.ts';
import { cpuSeconds } from '../proc.ts';
import type { BenchStack } from '../stack.ts';

/** What scenarios work with. */
export interface OurSide {
  readonly client: PerennialClient;
  /** Runs a canvas to its result. */
  readonly runCanvas: (canvas: Signature) => Promise<unknown>;
}

/** CPU seconds of everybody who takes part. */
export interface OurCpu {
  readonly server: number;
  readonly worker: number;
  readonly client: number;
}

/** One scenario from the call to the last result. */
export interface OurRun {
  readonly seconds: number;
  readonly cpu: OurCpu;
  /** Milliseconds of each call, in ascending order, where calls are made one after the other. */
  readonly laps: readonly number[];
}

/** Calls that wait for their result at once. */
export const CALLS_AT_ONCE = 200;
/** Small chords that are under way at once, */
export const CHORDS_AT_ONCE = 200;
/** and the members of each. */
export const MEMBERS = 10;

/** Binds scenarios to a running stack. */
export function ourSide({ client, runCanvas }: BenchStack): OurSide {
  return { client, runCanvas };
}

/** Does some work and tells what it took. */
export async function costOf(stack: BenchStack, work: () => Promise<readonly number[] | undefined>): Promise<OurRun> {
  const [server, worker] = [stack.pid('temporal'), stack.pid('worker')];
  const before = { server: cpuSeconds(server), worker: cpuSeconds(worker), client: process.cpuUsage() };
  const startedAt = performance.now();
  const laps = (await work()) ?? [];
  const seconds = (performance.now() - startedAt) / 1000;
  if (stack.pid('worker') !== worker || stack.pid('temporal') !== server)
    throw new Error('expected server and worker to live through the scenario, but one was started again');
  const { user, system } = process.cpuUsage(before.client);
  return {
    seconds,
    cpu: {
      server: cpuSeconds(server) - before.server,
      worker: cpuSeconds(worker) - before.worker,
      client: (user + system) / 1e6,
    },
    laps: laps.toSorted((a, b) => a - b),
  };
}

/** Independent calls, each a run of its own, until all results are there. */
export function callOneByOne(client: PerennialClient, count: number): Promise<void> {
  const task = client.task('samples.addOne');
  return inWindow(count, CALLS_AT_ONCE, async (n) => {
    const handle = await task.call({ data: n });
    expectSame(n + 1, await handle.result());
  });
}

/** Independent calls, coalesced by the client, until all results are there. */
export async function callAsStream(client: PerennialClient, count: number): Promise<void> {
  const stream = client.tasks.stream();
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const handle = await stream.call('samples.addOneTiny', { data: n });
      expectSame(n + 1, await handle.result());
    }),
  );
}

/** Calls one after the other; the milliseconds of each. */
export async function roundTrips(client: PerennialClient, count: number): Promise<readonly number[]> {
  const task = client.task('samples.addOne');
  const laps: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const startedAt = performance.now();
    expectSame(n + 1, await (await task.call({ data: n })).result());
    laps.push(performance.now() - startedAt);
  }
  return laps;
}

/** Does something so many times, so many at once. */
export function inWindow(count: number, atOnce: number, work: (n: number) => Promise<void>): Promise<void> {
  return runWindow<number>({ limit: atOnce, next: sourceOf(Array.from({ length: count }, (_, n) => n)), work });
}

/** A wrong result is no result: a figure for it would be worth nothing. */
export function expectSame(wanted: unknown, got: unknown): void {
  const [expected, came] = [JSON.stringify(wanted), got === undefined ? 'nothing' : JSON.stringify(got)];
  if (expected !== came) throw new Error(`expected ${expected.slice(0, 200)}, got ${came.slice(0, 200)}`);
}
