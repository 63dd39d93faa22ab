/** Runs the scenarios on Perennial through its client, as an application would. */
import { runWindow, sourceOf } from '../../concurrency/window.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import type { PerennialClient } from '../../client/index.ts';
import { cpuSeconds } from '../proc.ts';
import type { BenchStack } from '../stack.ts';

/** The client side of a running stack that scenarios use. */
export interface OurSide {
  readonly client: PerennialClient;
  /** Runs a canvas and returns its result. */
  readonly runCanvas: (canvas: Signature) => Promise<unknown>;
}

/** CPU seconds of each process that takes part. */
export interface OurCpu {
  readonly server: number;
  readonly worker: number;
  readonly client: number;
}

/** One scenario, measured from the call to the last result. */
export interface OurRun {
  readonly seconds: number;
  readonly cpu: OurCpu;
  /** Duration of each call in milliseconds, in ascending order; empty unless calls are made one after the other. */
  readonly laps: readonly number[];
}

/** Maximum number of independent calls that wait for their results at the same time. */
export const CALLS_AT_ONCE = 200;
/** Maximum number of small chords that run at the same time. */
export const CHORDS_AT_ONCE = 200;
/** Number of members of each small chord. */
export const MEMBERS = 10;

/** Gives scenarios access to a running stack. */
export function ourSide({ client, runCanvas }: BenchStack): OurSide {
  return { client, runCanvas };
}

/** Runs `work` and returns its duration and the CPU seconds of each process. */
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

/** Makes independent calls, each with a run of its own, and waits for all results. */
export function callOneByOne(client: PerennialClient, count: number): Promise<void> {
  const task = client.task('samples.addOne');
  return inWindow(count, CALLS_AT_ONCE, async (n) => {
    const handle = await task.call({ data: n });
    expectSame(n + 1, await handle.result());
  });
}

/** Makes independent calls that the client coalesces, and waits for all results. */
export async function callAsStream(client: PerennialClient, count: number): Promise<void> {
  const stream = client.tasks.stream();
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const handle = await stream.call('samples.addOneTiny', { data: n });
      expectSame(n + 1, await handle.result());
    }),
  );
}

/** Makes calls one after the other and returns the duration of each in milliseconds. */
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

/** Calls `work` for the numbers below `count`, at most `atOnce` at the same time. */
export function inWindow(count: number, atOnce: number, work: (n: number) => Promise<void>): Promise<void> {
  return runWindow<number>({ limit: atOnce, next: sourceOf(Array.from({ length: count }, (_, n) => n)), work });
}

/** Throws an Error unless both values have the same JSON, because the figure of a wrong result would mean nothing. */
export function expectSame(wanted: unknown, got: unknown): void {
  const [expected, came] = [JSON.stringify(wanted), got === undefined ? 'nothing' : JSON.stringify(got)];
  if (expected !== came) throw new Error(`expected ${expected.slice(0, 200)}, got ${came.slice(0, 200)}`);
}
