/** Measures tasks and canvases against Celery with the same work, in turns, on the same machine. */
import { costOf, ourSide, type OurRun } from './ours.ts';
import { cpuTable, floorTable, rowOf, type Side } from './report.ts';
import { type Scenario, scenarios, type Variant, variants } from './scenarios.ts';
import { pinned } from '../celery/install.ts';
import { type CeleryPeer, type CeleryRun, withCelery } from '../celery/peer.ts';
import { type Floor, type FloorRun, withFloor } from '../floor/floor.ts';
import type { BenchContext, Measured, NotMeasured, Section } from '../section.ts';
import { hasProc } from '../proc.ts';
import { type BenchStack, withStack } from '../stack.ts';

/** The section on the speed of tasks and canvases. */
export const canvas: Section = { name: 'canvas', title: 'Tasks and canvases against Celery', run: measure };

/** Messages that each process of Celery reserves; the value of a well-tuned Celery of this size. */
const PREFETCH = 64;
/** Calls before the first measured one, so that the processes have reached their working size. */
const WARM_UP = 2000;

/** Returns the variants of a scenario that have a target. */
function variantsOf({ targets }: Scenario): readonly Variant[] {
  // the table has no other keys
  return (Object.keys(variants) as readonly Variant[]).filter((variant) => targets[variant] !== undefined);
}

/** The measurements of one scenario. */
interface Found {
  readonly scenario: Scenario;
  readonly count: number;
  readonly peer: CeleryRun[];
  readonly ours: Readonly<Record<Variant, OurRun[]>>;
  /** Runs of bare Temporal without the product; only where each call has an activity of its own. */
  readonly floor: FloorRun[];
}

function measure(context: BenchContext): Promise<Measured | NotMeasured> {
  if (!hasProc()) return Promise.resolve({ missing: '/proc (Linux)' });
  return withCelery(context, { prefetch: PREFETCH }, (peer) =>
    withStack(context, { roots: [context.folder] }, (stack) =>
      withFloor(context, stack.temporal, async (floor) => {
        const founds = scenarios.map((scenario) => emptyOf(scenario, context.quick));
        await warmUp(context, stack, floor);
        for (let round = 0; round < context.rounds; round += 1)
          for (const found of founds) await measureOnce(context, { peer, stack, floor, found, round });
        return report(context, founds, peer);
      }),
    ),
  );
}

function emptyOf(scenario: Scenario, quick: boolean): Found {
  const count = quick ? scenario.count.quick : scenario.count.full;
  return { scenario, count, peer: [], ours: { plain: [], packed: [] }, floor: [] };
}

async function warmUp({ log, quick }: BenchContext, stack: BenchStack, floor: Floor): Promise<void> {
  log.step('Warming up');
  for (const scenario of scenarios) {
    const count = quick ? scenario.count.quick : Math.min(scenario.count.full, Math.floor(WARM_UP / scenario.tasks(1)));
    for (const variant of variantsOf(scenario)) await scenario.run(ourSide(stack), count, variants[variant]);
    if (variantsOf(scenario).includes('plain')) await floor.run(scenario.name, count);
  }
}

interface Turn {
  readonly peer: CeleryPeer;
  readonly stack: BenchStack;
  readonly floor: Floor;
  readonly found: Found;
  readonly round: number;
}

async function measureOnce({ log }: BenchContext, { peer, stack, floor, found, round }: Turn): Promise<void> {
  const { scenario, count } = found;
  const told = `${scenario.what(count)}, round ${String(round + 1)}`;
  log.step(`${told}: Celery`);
  found.peer.push(await peer.run(scenario.name, count));
  for (const variant of variantsOf(scenario)) {
    log.step(`${told}: ours, ${variant}`);
    found.ours[variant].push(await costOf(stack, () => scenario.run(ourSide(stack), count, variants[variant])));
  }
  if (!variantsOf(scenario).includes('plain')) return;
  log.step(`${told}: the floor`);
  found.floor.push(await floor.run(scenario.name, count));
}

function report(context: BenchContext, founds: readonly Found[], peer: CeleryPeer): Measured {
  const sides = founds.flatMap(({ scenario, count, peer: theirs, ours, floor }): readonly Side[] =>
    variantsOf(scenario).map((variant) => ({
      scenario,
      count,
      variant,
      peer: theirs,
      ours: ours[variant],
      floor: variant === 'plain' ? floor : [],
    })),
  );
  const { worker, broker } = peer.memoryMb();
  return {
    rows: sides.map(rowOf),
    how: howOf(context),
    details: [
      cpuTable(sides),
      floorTable(sides),
      `Memory of Celery at the end: worker ${worker.toFixed(0)} MB in three processes, Redis ${broker.toFixed(0)} MB.`,
    ],
  };
}

function howOf({ rounds }: BenchContext): string {
  return [
    `The peer is Celery ${pinned('celery')} with JSON, results in a Redis that writes nothing to disk, a worker \`prefork -c 2\` without gossip, mingle and heartbeat, a prefetch of ${String(PREFETCH)}, and a client in one process.`,
    'Ours is the product with its default settings (Temporal development server on a file, PostgreSQL, one worker process) and a client in one process. The tasks are samples of the catalogue that add one or sum, with the same checks, time limits and heartbeats as all others; every result is checked.',
    `Plain means an activity for each call; packed means that tasks which are marked as batchable share activities. Peer and ours run in turns on the same cores; figures are medians of the rounds (${String(rounds)}) after a warm-up.`,
  ].join(' ');
}
