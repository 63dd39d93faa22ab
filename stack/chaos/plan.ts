/** What is done to the stack and when, from a seed: the same seed is the same plan. */
import type { Random } from '../../contracts/values/random.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';

/** A process that is killed, and kept running by the supervisor. */
export type Victim = 'worker-1' | 'worker-2' | 'api' | 'postgres' | 'temporal' | 'inbox';

/** A connection that misbehaves, by the server at its end. */
export type Wired = 'postgres' | 'temporal' | 'inbox';

/**
 * One thing that goes wrong: processes die at once or stand still, connections are cut, slow or silent, the disk of blobs
 * takes no files.
 */
export type Fault =
  | { readonly kind: 'kill'; readonly victims: readonly Victim[] }
  | { readonly kind: 'freeze'; readonly victim: Victim }
  | { readonly kind: 'cut' | 'slow' | 'silent'; readonly wire: Wired }
  | { readonly kind: 'disk' };

/** A fault with its time. */
export interface PlannedFault {
  /** Milliseconds after the first job. */
  readonly atMs: number;
  /** How long it lasts, in milliseconds; 0 for a kill. */
  readonly lastsMs: number;
  readonly fault: Fault;
}

/** Each of them happens once before any happens again. */
const FAULTS: readonly Fault[] = [
  { kind: 'kill', victims: ['worker-1'] },
  { kind: 'kill', victims: ['worker-2'] },
  { kind: 'kill', victims: ['worker-1', 'worker-2'] },
  { kind: 'kill', victims: ['api'] },
  { kind: 'kill', victims: ['postgres'] },
  { kind: 'kill', victims: ['temporal'] },
  { kind: 'kill', victims: ['inbox'] },
  { kind: 'freeze', victim: 'worker-1' },
  { kind: 'freeze', victim: 'worker-2' },
  { kind: 'cut', wire: 'postgres' },
  { kind: 'slow', wire: 'postgres' },
  { kind: 'silent', wire: 'postgres' },
  { kind: 'cut', wire: 'temporal' },
  { kind: 'silent', wire: 'temporal' },
  { kind: 'cut', wire: 'inbox' },
  { kind: 'silent', wire: 'inbox' },
  { kind: 'disk' },
];

/** Time from the end of one fault to the next, in milliseconds. */
const PAUSE_MS = { least: 0.3 * SECOND_MS, most: 2.5 * SECOND_MS } as const;

/** How long what is no kill lasts, in milliseconds. A worker that stood still for 7 s counted as dead meanwhile. */
const LASTS_MS = { least: SECOND_MS, most: 7 * SECOND_MS } as const;

/** Plans the faults of a run of so many milliseconds. */
export function planFaults(random: Random, durationMs: number): readonly PlannedFault[] {
  const plan: PlannedFault[] = [];
  let round: Fault[] = [];
  for (let atMs = pause(random); atMs < durationMs;) {
    if (round.length === 0) round = random.shuffled(FAULTS);
    const fault = round.pop();
    if (fault === undefined) break;
    const lastsMs = fault.kind === 'kill' ? 0 : random.int(LASTS_MS.least, LASTS_MS.most);
    plan.push({ atMs, lastsMs, fault });
    atMs += lastsMs + pause(random);
  }
  return plan;
}

const pause = (random: Random): number => random.int(PAUSE_MS.least, PAUSE_MS.most);

/** Says in a line what a fault does. */
export function describeFault({ fault, lastsMs }: PlannedFault): string {
  const lasting = `for ${(lastsMs / SECOND_MS).toFixed(1)} s`;
  switch (fault.kind) {
    case 'kill':
      return `kill ${fault.victims.join(' and ')}`;
    case 'freeze':
      return `${fault.victim} stands still ${lasting}`;
    case 'disk':
      return `the blob folder takes no files ${lasting}`;
    case 'cut':
    case 'slow':
    case 'silent':
      return `the connections to ${fault.wire} are ${fault.kind} ${lasting}`;
  }
}
