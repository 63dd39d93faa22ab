/**
 * `perennial chaos`: asks for tasks and pipelines while processes die and disks and networks misbehave, on a stack of its
 * own, and counts afterwards what is there at the far ends.
 */
import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditReport } from '../../client/index.ts';
import { makeRandom } from '../../contracts/values/random.ts';
import { MINUTE_MS, SECOND_MS } from '../../contracts/values/units.ts';
import { lineReporter } from '../reporter.ts';
import { askFor } from './asking.ts';
import { lookAtFarEnd } from './far-end.ts';
import { type Job, planJobs } from './jobs.ts';
import { describeFault, planFaults } from './plan.ts';
import { type ChaosStack, startChaosStack } from './stack.ts';
import { strikeAll } from './strike.ts';
import { type AcceptedJob, type ChaosVerdict, judge } from './verdict.ts';

/** What a run is told. */
export interface ChaosOptions {
  /** How long things go wrong, in minutes; fractions are fine. */
  readonly minutes: number;
  /** Number of jobs, asked for evenly over that time. */
  readonly jobs: number;
  /** Decides about all that is random. */
  readonly seed: number;
  /** Environment; of the variables of the configuration, only WORKFLOW_BUNDLE counts, because the stack is one of its own. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Receives plan and progress. */
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a run found. */
export interface ChaosReport extends ChaosVerdict {
  readonly seed: number;
  readonly faults: number;
  /** Messages that the mail server was given more than once, under the same Message-ID. */
  readonly handedOverAgain: number;
  /** Processes that ended although nobody had killed them, with how; the supervisor started them again. */
  readonly endedByThemselves: readonly string[];
  /** Jobs that were not accepted, with the reason. */
  readonly refused: readonly string[];
  /** What `perennial audit` says. */
  readonly differences: AuditReport['differences'];
  /** Folder with the logs and all data; removed after a run without a finding. */
  readonly kept: string | undefined;
}

/** Longest time from the last fault until everything is over, in milliseconds. */
const SETTLE_MS = 4 * MINUTE_MS;
const LOOK_EVERY_MS = SECOND_MS;

/** Whether a run found nothing wrong. */
export const isClean = ({ duplicated, lost, refused, differences }: ChaosReport): boolean =>
  [duplicated, lost, refused, differences].every((found) => found.length === 0);

/** Runs chaos to its end and reports. @throws Error when the stack does not start */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-chaos-'));
  const log = lineReporter(options.tell);
  const stack = await startChaosStack({ folder, env: options.env, log, signal: options.signal });
  const report = await onStack(stack, options, folder).finally(() => stack.stop());
  if (!isClean(report)) return report;
  await rm(folder, { recursive: true, force: true });
  return { ...report, kept: undefined };
}

async function onStack(stack: ChaosStack, options: ChaosOptions, folder: string): Promise<ChaosReport> {
  const { minutes, seed, tell, signal } = options;
  const random = makeRandom(seed);
  const durationMs = minutes * MINUTE_MS;
  const name = `chaos-${String(seed)}`;
  const plan = planFaults(random, durationMs);
  const jobs = planJobs(random, options.jobs, name);
  tell(`Plan of seed ${String(seed)}: ${String(jobs.length)} jobs, ${String(plan.length)} faults`);
  for (const planned of plan) tell(`  at ${(planned.atMs / SECOND_MS).toFixed(1)} s: ${describeFault(planned)}`);
  const since = new Date().toISOString();
  const [{ accepted, refused }] = await Promise.all([
    askForAll(stack, jobs, durationMs, signal),
    strikeAll(stack.target, plan, { tell, signal }),
  ]);
  tell(`${String(accepted.length)} jobs are accepted; waiting for their ends`);
  const { verdict, handedOverAgain } = await settled(stack, accepted, name, signal);
  const { differences } = await stack.client.audit.report({ since, graceSeconds: 0 });
  const endedByThemselves = Object.values(stack.target.processes).flatMap((managed) =>
    managed.ownEnds.map((end) => `${managed.name}: ${end}`),
  );
  const found = { handedOverAgain, endedByThemselves, refused, differences };
  return { ...verdict, ...found, seed, faults: plan.length, kept: folder };
}

/** Asks for the jobs, evenly over the time; what was not accepted in it is asked for until everything is settled. */
async function askForAll(
  stack: ChaosStack,
  jobs: readonly Job[],
  durationMs: number,
  signal: AbortSignal,
): Promise<{ readonly accepted: readonly AcceptedJob[]; readonly refused: readonly string[] }> {
  const accepted: AcceptedJob[] = [];
  const refused: string[] = [];
  const patience = AbortSignal.any([signal, AbortSignal.timeout(durationMs + SETTLE_MS)]);
  setMaxListeners(0, signal, patience); // each job listens
  const ask = async (job: Job, number: number): Promise<void> => {
    try {
      await sleep((durationMs * number) / jobs.length, undefined, { signal });
      const id = await askFor(stack.doors, job, number, patience);
      if (id === undefined) refused.push(`${job.kind} ${job.key}: not accepted in time`);
      else accepted.push({ ...job, id });
    } catch (error) {
      refused.push(error instanceof Error ? error.message : String(error));
    }
  };
  await Promise.all(jobs.map(ask));
  return { accepted, refused };
}

/** Waits until nothing is missing any more, or for the longest time. */
async function settled(
  stack: ChaosStack,
  accepted: readonly AcceptedJob[],
  name: string,
  signal: AbortSignal,
): Promise<{ readonly verdict: ChaosVerdict; readonly handedOverAgain: number }> {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    const found = await lookAtFarEnd(stack.farEnd, name);
    const verdict = judge(accepted, found);
    if (verdict.lost.length === 0 || Date.now() > until || signal.aborted)
      return { verdict, handedOverAgain: found.handedOverAgain };
    await sleep(LOOK_EVERY_MS);
  }
}
