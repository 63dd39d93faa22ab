/** Defines the scenarios that are compared with Celery: their sizes, their targets and their form in Perennial. */
import type { Signature } from '../../canvas/signature/signature.ts';
import type { CeleryScenario } from '../celery/peer.ts';
import { atLeast, atMost, type Target } from '../section.ts';
import {
  callAsStream,
  callOneByOne,
  CHORDS_AT_ONCE,
  expectSame,
  inWindow,
  MEMBERS,
  type OurSide,
  roundTrips,
} from './ours.ts';
import { callOf, chainOf, chordOf, groupOf } from './signatures.ts';

/** Execution of small tasks: `plain` gives each an activity of its own, `packed` lets many share one. */
export type Variant = 'plain' | 'packed';

/** The tasks of a variant; their bodies take next to no time. */
export interface VariantTasks {
  /** Name of the task that adds one to a number. */
  readonly one: string;
  /** Name of the task that sums a list. */
  readonly sum: string;
}

/** Maps each variant to the tasks of the catalogue that it calls. */
export const variants: Readonly<Record<Variant, VariantTasks>> = {
  plain: { one: 'samples.addOne', sum: 'samples.sum' },
  packed: { one: 'samples.addOneTiny', sum: 'samples.sumTiny' },
};

/** Runs a scenario; returns the duration of each call in milliseconds when calls are made one after the other. */
type Run = (side: OurSide, count: number, tasks: VariantTasks) => Promise<readonly number[] | undefined>;

/** Unit of the figures of a scenario, which also decides whether a higher figure is better. */
export type Unit = 'tasks a second' | 'seconds' | 'ms, p50';

/** A scenario, which gives one row for each variant with a target. */
export interface Scenario {
  /** Name of the scenario that the peer runs. */
  readonly name: CeleryScenario;
  readonly what: (count: number) => string;
  readonly unit: Unit;
  readonly count: { readonly full: number; readonly quick: number };
  /** Number of tasks that run for a given count. */
  readonly tasks: (count: number) => number;
  /** Targets for the ratio of Perennial to the peer, by variant. */
  readonly targets: Readonly<Partial<Record<Variant, Target>>>;
  /** Runs the scenario and checks its result. */
  readonly run: Run;
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
const sumOfMembers = (count: number): number => (count * (count + 1)) / 2;
const header = (count: number, { one }: VariantTasks): readonly Signature[] => upTo(count).map((n) => callOf(one, n));
const itself = (count: number): number => count;

const runGroup: Run = async ({ runCanvas }, count, tasks) => {
  const got = await runCanvas(groupOf(header(count, tasks)));
  expectSame(
    upTo(count).map((n) => n + 1),
    got,
  );
  return undefined;
};

const runChord: Run = async ({ runCanvas }, count, tasks) => {
  expectSame(sumOfMembers(count), await runCanvas(chordOf(header(count, tasks), callOf(tasks.sum))));
  return undefined;
};

const runChain: Run = async ({ runCanvas }, count, { one }) => {
  const steps = upTo(count).map((n) => (n === 0 ? callOf(one, 0) : callOf(one)));
  expectSame(count, await runCanvas(chainOf(steps)));
  return undefined;
};

const runStreamed: Run = async ({ client }, count) => {
  await callOneByOne(client, count);
  return undefined;
};

const runStream: Run = async ({ client }, count) => {
  await callAsStream(client, count);
  return undefined;
};

const runChords: Run = async ({ runCanvas }, count, tasks) => {
  const chord = chordOf(header(MEMBERS, tasks), callOf(tasks.sum));
  await inWindow(count, CHORDS_AT_ONCE, async () => {
    expectSame(sumOfMembers(MEMBERS), await runCanvas(chord));
  });
  return undefined;
};

/** All scenarios, in the order of the page. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'group',
    what: (count) => `group of ${String(count)} with results`,
    unit: 'tasks a second',
    count: { full: 10_000, quick: 200 },
    tasks: itself,
    targets: { plain: atLeast(1), packed: atLeast(10) },
    run: runGroup,
  },
  {
    name: 'chord',
    what: (count) => `chord of ${String(count)} with a sum as its body`,
    unit: 'tasks a second',
    count: { full: 1000, quick: 100 },
    tasks: (count) => count + 1,
    targets: { plain: atLeast(1.3), packed: atLeast(3) },
    run: runChord,
  },
  {
    name: 'chain',
    what: (count) => `chain of ${String(count)}`,
    unit: 'seconds',
    count: { full: 100, quick: 20 },
    tasks: itself,
    targets: { plain: atMost(3), packed: atMost(1) },
    run: runChain,
  },
  {
    name: 'calls',
    what: (count) => `${String(count)} independent calls, one by one`,
    unit: 'tasks a second',
    count: { full: 5000, quick: 100 },
    tasks: itself,
    targets: { plain: atLeast(0.2) },
    run: runStreamed,
  },
  {
    name: 'calls',
    what: (count) => `${String(count)} independent calls, as a stream`,
    unit: 'tasks a second',
    count: { full: 5000, quick: 100 },
    tasks: itself,
    targets: { packed: atLeast(1) },
    run: runStream,
  },
  {
    name: 'round-trip',
    what: () => 'one call, there and back',
    unit: 'ms, p50',
    count: { full: 200, quick: 30 },
    tasks: itself,
    targets: { plain: atMost(4) },
    run: ({ client }, count) => roundTrips(client, count),
  },
  {
    name: 'chords',
    what: (count) => `${String(count)} concurrent chords of ${String(MEMBERS)}`,
    unit: 'seconds',
    count: { full: 200, quick: 20 },
    tasks: (count) => count * (MEMBERS + 1),
    targets: { plain: atMost(1), packed: atMost(1) },
    run: runChords,
  },
];
