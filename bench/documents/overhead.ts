/** Compares the cost of a document beside its reading in a batch of 10,000 documents with that in a batch of 100. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runWindow, sourceOf } from '../../concurrency/window.ts';
import { type Histories, openHistories } from '../histories.ts';
import { atMost, type BenchContext, type Measured, type NotMeasured, type Section, type Row } from '../section.ts';
import { cpuSeconds, hasProc, type MemoryTrace, peak, withMemoryTrace } from '../proc.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { median } from '../timing.ts';

/** The section on the overhead per document of long batches. */
export const overhead: Section = { name: 'overhead', title: 'Overhead per document', run: measure };

/** Number of small batches before the first measured one, so that the process has reached its working size. */
const WARM_UPS = 10;
/** Number of small batches in each round; a single one ends within a second or two, too soon for a stable figure. */
const SMALL_BATCHES = 3;
const LIMIT = 1.1;

interface Cost {
  readonly bytes: number;
  readonly events: number;
  readonly runs: number;
  /** CPU time of the Temporal server, in milliseconds. */
  readonly serverMs: number;
  /** CPU time of the worker, in milliseconds. */
  readonly workerMs: number;
  readonly wallMs: number;
  readonly memory: MemoryTrace;
}

interface Costs {
  readonly small: readonly Cost[];
  readonly large: readonly Cost[];
  /** Costs of the small batches that ran before any large one. */
  readonly before: readonly Cost[];
}

async function measure(context: BenchContext): Promise<Measured | NotMeasured> {
  if (!hasProc()) return { missing: '/proc (Linux)' };
  const [few, many] = context.quick ? [20, 200] : [100, 10_000];
  const [small, large] = [await makeFiles(context, few), await makeFiles(context, many)];
  const worker = fileURLToPath(new URL('noop-worker.ts', import.meta.url));
  return withStack(context, { roots: [small, large], entries: { worker } }, async (stack) => {
    const histories = await openHistories(stack.temporal);
    try {
      const batch = (folder: string, count: number): Promise<Cost> => {
        context.log.step(`A batch of ${String(count)} documents that are not read`);
        return costOf(stack, histories, folder, count);
      };
      for (let n = 0; n < WARM_UPS; n += 1) await batch(small, few);
      const costs = { small: [] as Cost[], large: [] as Cost[], before: [] as readonly Cost[] };
      for (let round = 0; round < context.rounds; round += 1) {
        for (let n = 0; n < SMALL_BATCHES; n += 1) costs.small.push(await batch(small, few));
        if (round === 0) costs.before = [...costs.small];
        costs.large.push(await batch(large, many));
      }
      return report(context, costs, few, many);
    } finally {
      await histories.close();
    }
  });
}

/** Creates empty files, because the reader of this measurement does not open them. */
async function makeFiles({ folder }: BenchContext, count: number): Promise<string> {
  const target = path.join(folder, `documents-${String(count)}`);
  await mkdir(target, { recursive: true });
  const names = Array.from({ length: count }, (_, n) => `document-${String(n + 1).padStart(6, '0')}.png`);
  await runWindow<string>({ limit: 50, next: sourceOf(names), work: (name) => writeFile(path.join(target, name), '') });
  return target;
}

async function costOf(stack: BenchStack, histories: Histories, folder: string, count: number): Promise<Cost> {
  const [temporal, worker] = [stack.pid('temporal'), stack.pid('worker')];
  const before = { server: cpuSeconds(temporal), worker: cpuSeconds(worker) };
  const { value, trace } = await withMemoryTrace(worker, () =>
    stack.read({ paths: [folder], backend: 'tesseract', preprocess: false }),
  );
  if (value.summary.saved !== count)
    throw new Error(`expected ${String(count)} documents, got ${String(value.summary.saved)}`);
  if (stack.pid('worker') !== worker || stack.pid('temporal') !== temporal)
    throw new Error('expected server and worker to live through the batch, but one was started again');
  const after = { server: cpuSeconds(temporal), worker: cpuSeconds(worker) };
  const { bytes, events, runs } = await histories.sizeOf(value.id);
  return {
    bytes: bytes / count,
    events: events / count,
    runs,
    serverMs: ((after.server - before.server) * 1000) / count,
    workerMs: ((after.worker - before.worker) * 1000) / count,
    wallMs: (value.seconds * 1000) / count,
    memory: trace,
  };
}

function report(context: BenchContext, costs: Costs, few: number, many: number): Measured {
  const of = (pick: (cost: Cost) => number) => ({
    few: median(costs.small.map(pick)),
    many: median(costs.large.map(pick)),
  });
  const row = (what: string, pick: (cost: Cost) => number, unit: string, judged = true): Row => {
    const value = of(pick);
    const text = (amount: number): string => `${amount.toFixed(unit === 'ms' ? 2 : 0)} ${unit}`;
    const target = judged ? { target: atMost(LIMIT) } : {};
    return { what, ours: text(value.many), peer: text(value.few), ratio: value.many / value.few, ...target };
  };
  const events = of((cost) => cost.events);
  return {
    rows: [
      row('history for each document', (cost) => cost.bytes, 'bytes'),
      row('CPU of the Temporal server for each document', (cost) => cost.serverMs, 'ms'),
      row('time for each document', (cost) => cost.wallMs, 'ms'),
      row('CPU of the worker for each document', (cost) => cost.workerMs, 'ms', false),
      ...memoryRows(costs),
    ],
    how: howOf(context, few, many),
    details: [
      `Memory of the worker in the first large batch, most in each tenth of it, in MB: ${tenths(costs.large[0]?.memory ?? [])}.`,
      `Events for each document: ${events.many.toFixed(2)} with ${String(many)} documents (runs, each continued as new: ${String(median(costs.large.map(({ runs }) => runs)))}), ${events.few.toFixed(2)} with ${String(few)}.`,
    ],
  };
}

/**
 * Compares the memory of large batches with that of the small ones before them, and with its own course: a leak keeps
 * growing, while a heap that fills once does not.
 */
function memoryRows({ before, large }: Costs): readonly Row[] {
  const most = (traces: readonly MemoryTrace[]): number => Math.max(...traces.map(peak));
  const half = (trace: MemoryTrace, side: 0 | 1): MemoryTrace => {
    const middle = Math.ceil(trace.length / 2);
    return side === 0 ? trace.slice(0, middle) : trace.slice(middle);
  };
  const row = (what: string, now: number, then: number): Row => {
    const target = atMost(LIMIT);
    return { what, ours: `${now.toFixed(0)} MB`, peer: `${then.toFixed(0)} MB`, ratio: now / then, target };
  };
  const large0 = large.slice(0, 1).map(({ memory }) => memory);
  const sides = ([0, 1] as const).map((side) => most(large0.map((trace) => half(trace, side))));
  return [
    row('most memory of the worker', most(large.map(({ memory }) => memory)), most(before.map(({ memory }) => memory))),
    row('the same, second half of the first large batch against its first half', sides[1] ?? 0, sides[0] ?? 0),
  ];
}

/** Lists the peak memory of each tenth of the time, which makes a leak visible. */
function tenths(trace: MemoryTrace): string {
  const size = Math.max(1, Math.ceil(trace.length / 10));
  const parts = Array.from({ length: Math.ceil(trace.length / size) }, (_, n) => trace.slice(n * size, (n + 1) * size));
  return parts.map((part) => peak(part).toFixed(0)).join(', ');
}

function howOf({ rounds }: BenchContext, few: number, many: number): string {
  return [
    `Ours is a batch of ${String(many)} documents; the peer is batches of ${String(few)} in the same stack. Each round has ${String(SMALL_BATCHES)} small batches and a large one; figures are medians of the rounds (${String(rounds)}), after ${String(WARM_UPS)} small batches that are not measured.`,
    'The Temporal server, PostgreSQL, the worker process and the activities are real; the reader is not, and gives a tiny page at once.',
    'History is the sum of the sizes that the server reports for all runs; the summary of up to 500 documents holds their outcomes, which makes the history of small batches larger. CPU is user and kernel time in /proc. Memory is the resident size of the worker, measured every 250 ms.',
  ].join(' ');
}
