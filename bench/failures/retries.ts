/** Measures what failures cost: a group of which every tenth member fails twice, against as many attempts that succeed. */
import { fileURLToPath } from 'node:url';
import { callOf, groupOf } from '../canvas/signatures.ts';
import { type Variant, variants } from '../canvas/scenarios.ts';
import { atLeast, type BenchContext, type Measured, type Row, type Section } from '../section.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { alternate, describeLaps, type Laps, median, timed } from '../timing.ts';

/** The section on what failures cost. */
export const retries: Section = { name: 'retries', title: 'What failures cost', run: measure };

/** Every tenth member fails twice: 1.2 attempts for each. */
const ATTEMPTS = 1.2;

async function measure(context: BenchContext): Promise<Measured> {
  const count = context.quick ? 500 : 10_000;
  const worker = fileURLToPath(new URL('retries-worker.ts', import.meta.url));
  return withStack(context, { roots: [], entries: { worker } }, async (stack) => {
    const measured: [Variant, Laps][] = [];
    for (const variant of ['plain', 'packed'] as const)
      measured.push([variant, await compare(context, stack, variant, count)]);
    return {
      rows: measured.map(([variant, laps]) => rowOf(variant, laps, count)),
      how: `Ours is a group of ${String(count)} members of which every tenth fails twice and then succeeds, so ${String(count * ATTEMPTS)} attempts; the peer is a group of that many members that succeed, on the same stack and in turns. Both count attempts a second, from the start of the group to its result. A failure is retried a second later; both delays of the members that fail last are part of the time, which is much of a packed group, whose calls share activities: it has no target.`,
      details: measured.map(([variant, laps]) => `${variant}: ${describeLaps(laps)}`),
    };
  });
}

async function compare(
  { log, rounds }: BenchContext,
  stack: BenchStack,
  variant: Variant,
  count: number,
): Promise<Laps> {
  const group = async (numbers: readonly number[]): Promise<void> => {
    const got = await stack.runCanvas(groupOf(numbers.map((n) => callOf(variants[variant].one, n))));
    if (!Array.isArray(got) || got.some((value, at) => value !== (numbers[at] ?? NaN) + 1))
      throw new Error('expected each member to add one to its number, got something else');
  };
  const upTo = (length: number): number[] => Array.from({ length }, (_, n) => n + 1);
  const told = (what: string, round: number): void => log.step(`${variant}, round ${String(round + 1)}: ${what}`);
  log.step(`${variant}: warming up`);
  await group(upTo(Math.min(count, 2_000)));
  return alternate(
    rounds,
    (round) => {
      told('as many attempts that succeed', round);
      return timed(() => group(upTo(count * ATTEMPTS)));
    },
    (round) => {
      told('every tenth fails twice', round);
      return timed(() => group(upTo(count).map((n) => -n)));
    },
  );
}

function rowOf(variant: Variant, { peer, ours }: Laps, count: number): Row {
  const attempts = count * ATTEMPTS;
  const [failing, without] = [attempts / median(ours), attempts / median(peer)];
  return {
    what: `attempts a second, group of ${String(count)}, every tenth fails twice, ${variant}`,
    ours: failing.toFixed(0),
    peer: without.toFixed(0),
    ratio: failing / without,
    // A packed group is over in seconds, and the delays of its last retries alone are two.
    ...(variant === 'plain' ? { target: atLeast(0.9) } : {}),
  };
}
