/** Compares the cost of a member of a very large group with that of a member of a group of ordinary size. */
import { randomUUID } from 'node:crypto';
import { canvasWorkflowId } from '../../contracts/canvas/vocabulary.ts';
import { expectSame } from './ours.ts';
import { type Variant, variants } from './scenarios.ts';
import { callOf, groupOf } from './signatures.ts';
import { type Histories, openHistories } from '../histories.ts';
import { atMost, type BenchContext, type Measured, type NotMeasured, type Section, type Row } from '../section.ts';
import { cpuSeconds, hasProc, type MemoryTrace, peak, withMemoryTrace } from '../proc.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { median } from '../timing.ts';

/** The section on the cost of a member in groups of different sizes. */
export const canvasLarge: Section = { name: 'canvas-large', title: 'Groups of any size', run: measure };

const SIZES = { full: { few: 1000, many: 100_000 }, quick: { few: 50, many: 500 } } as const;
/** Number of small groups in each round; a single one ends within a few seconds, too soon for a stable figure. */
const SMALL_GROUPS = 3;
const LIMIT = 1.1;
/** First number of the members: every number has six digits, so that members differ only in the size of their group. */
const FIRST_NUMBER = 100_000;
const variantNames = Object.keys(variants) as readonly Variant[]; // the table has no other keys

type Name = 'client' | 'worker' | 'temporal';

interface Cost {
  readonly wallMs: number;
  readonly bytes: number;
  readonly events: number;
  readonly runs: number;
  readonly serverMs: number;
  readonly workerMs: number;
  readonly memory: Readonly<Record<Name, MemoryTrace>>;
}

interface Costs {
  readonly few: Cost[];
  readonly many: Cost[];
}

function measure(context: BenchContext): Promise<Measured | NotMeasured> {
  if (!hasProc()) return Promise.resolve({ missing: '/proc (Linux)' });
  const { few, many } = context.quick ? SIZES.quick : SIZES.full;
  return withStack(context, { roots: [context.folder] }, async (stack) => {
    const histories = await openHistories(stack.temporal);
    try {
      return report(context, await measureAll(context, stack, histories), few, many);
    } finally {
      await histories.close();
    }
  });
}

interface Found {
  readonly variant: Variant;
  readonly costs: Costs;
}

async function measureAll(
  { log, quick, rounds }: BenchContext,
  stack: BenchStack,
  histories: Histories,
): Promise<readonly Found[]> {
  const { few, many } = quick ? SIZES.quick : SIZES.full;
  const found = variantNames.map((variant): Found => ({ variant, costs: { few: [], many: [] } }));
  for (const { variant } of found) await costOf(stack, histories, few, variant);
  const turns = Array.from({ length: rounds }, (_, round) => found.map((one) => ({ ...one, round }))).flat();
  for (const { variant, costs, round } of turns) {
    log.step(`Groups of ${String(few)} and of ${String(many)}, ${variant}, round ${String(round + 1)}`);
    for (let n = 0; n < SMALL_GROUPS; n += 1) costs.few.push(await costOf(stack, histories, few, variant));
    costs.many.push(await costOf(stack, histories, many, variant));
  }
  return found;
}

async function costOf(stack: BenchStack, histories: Histories, count: number, variant: Variant): Promise<Cost> {
  const pids: Readonly<Record<Name, number>> = {
    client: process.pid,
    worker: stack.pid('worker'),
    temporal: stack.pid('temporal'),
  };
  const before = { server: cpuSeconds(pids.temporal), worker: cpuSeconds(pids.worker) };
  const id = randomUUID();
  const startedAt = performance.now();
  const run = (): Promise<void> => runGroup(stack, id, count, variant);
  const worker = await withMemoryTrace(pids.worker, () =>
    withMemoryTrace(pids.temporal, () => withMemoryTrace(pids.client, run)),
  );
  const wall = performance.now() - startedAt;
  const { bytes, events, runs } = await histories.treeSizeOf(canvasWorkflowId(id));
  return {
    wallMs: wall / count,
    bytes: bytes / count,
    events: events / count,
    runs,
    serverMs: ((cpuSeconds(pids.temporal) - before.server) * 1000) / count,
    workerMs: ((cpuSeconds(pids.worker) - before.worker) * 1000) / count,
    memory: { worker: worker.trace, temporal: worker.value.trace, client: worker.value.value.trace },
  };
}

async function runGroup({ client }: BenchStack, id: string, count: number, variant: Variant): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => FIRST_NUMBER + n);
  const group = groupOf(numbers.map((n) => callOf(variants[variant].one, n)));
  const got = await (await client.canvas.run(group, { id })).result();
  expectSame(
    numbers.map((n) => n + 1),
    got,
  );
}

function report({ rounds }: BenchContext, found: readonly Found[], few: number, many: number): Measured {
  return {
    rows: found.flatMap(({ variant, costs }) => rowsOf(variant, costs)),
    how: `Ours is a group of ${String(many)} tasks that do next to nothing, with all results; the peer is groups of ${String(few)} in the same stack; members of both carry a number of six digits. Each round has ${String(SMALL_GROUPS)} small groups and a large one; figures are medians of the rounds (${String(rounds)}), after a small group that is not measured. History is the size that the server reports for the run, for the runs that continue it and for all that it starts. CPU is user and kernel time in /proc. Memory is the resident size, measured every 250 ms; the rows of halves compare the median of the second half of the large group with that of its first half.`,
    details: found.map(
      ({ variant, costs }) =>
        `${variant}: events for each member ${median(costs.many.map(({ events }) => events)).toFixed(2)} (${String(median(costs.many.map(({ runs }) => runs)))} runs), ${median(costs.few.map(({ events }) => events)).toFixed(2)} in small groups.`,
    ),
  };
}

function rowsOf(variant: Variant, { few, many }: Costs): readonly Row[] {
  const row = (what: string, unit: string, pick: (cost: Cost) => number, judged: boolean): Row => {
    const [large, small] = [median(many.map(pick)), median(few.map(pick))];
    const text = (value: number): string => `${value.toFixed(unit === 'ms' ? 2 : 0)} ${unit}`;
    const target = judged ? { target: atMost(LIMIT) } : {};
    return { what: `${what}, ${variant}`, ours: text(large), peer: text(small), ratio: large / small, ...target };
  };
  const names: readonly Name[] = ['client', 'worker', 'temporal'];
  return [
    row('time for each member', 'ms', ({ wallMs }) => wallMs, true),
    row('history for each member', 'bytes', ({ bytes }) => bytes, true),
    row('CPU of the server for each member', 'ms', ({ serverMs }) => serverMs, false),
    row('CPU of the worker for each member', 'ms', ({ workerMs }) => workerMs, false),
    ...names.map((name) => row(`most memory of the ${name}`, 'MB', ({ memory }) => peak(memory[name]), false)),
    ...names.map((name) => flatness(variant, name, many)),
  ];
}

function flatness(variant: Variant, name: Name, many: readonly Cost[]): Row {
  const traces = many.map(({ memory }) => memory[name]);
  const first = median(traces.flatMap((trace) => trace.slice(0, Math.ceil(trace.length / 2))));
  const second = median(traces.flatMap((trace) => trace.slice(Math.floor(trace.length / 2))));
  return {
    what: `memory of the ${name}, second half of a large group against its first, ${variant}`,
    ours: `${second.toFixed(0)} MB`,
    peer: `${first.toFixed(0)} MB`,
    ratio: second / first,
    target: atMost(LIMIT),
  };
}
