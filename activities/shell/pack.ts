/**
 * The activity that runs many tiny calls one after the other. Each goes through
 * the shell of its own task, with its own id, attempt, limits and log; what has
 * been done is told with every heartbeat, so that after a kill only the rest
 * runs again.
 */
import { CancelledFailure, Context } from '@temporalio/activity';
import { inputOf } from '../../canvas/signature/task-input.ts';
import { type AnyTask, findTask } from '../../contracts/catalogue.ts';
import { PerennialError } from '../../contracts/failures.ts';
import {
  type Pack,
  PACK_BUDGET_MS,
  PACK_OUTPUT_BYTES,
  type PackedItem,
  type PackedOutcome,
  type PackedStep,
  type PackOutcomes,
  type PackReport,
} from '../../contracts/tasks/packs.ts';
import type { Activities } from './activity.ts';
import { type ServerAttempt, withAttempt } from './attempt.ts';
import { LateSignal } from './late-signal.ts';
import { outcomeOfFailure, withinHardLimit } from './pack-outcome.ts';
import { takeTurn } from './turns.ts';

/** No more than so much work is lost when a worker is killed, in milliseconds; workers throttle heartbeats to the same. */
export const PACK_BEAT_MS = 200;

/**
 * Makes the activity.
 *
 * @param activities - what is registered on the same queue: a task that is not there fails as it would alone
 */
export function createPack(activities: Activities): (pack: Pack) => Promise<PackReport> {
  return async (pack) => {
    const context = Context.current();
    const run = new PackRun(pack, activities, context);
    const beat = setInterval(() => {
      run.beat();
    }, PACK_BEAT_MS);
    try {
      await run.toTheEnd();
    } finally {
      clearInterval(beat);
    }
    return run.report();
  };
}

/** Stands before a body whose header has not succeeded as a whole. */
const NOT_ALL: PackedOutcome = { failure: { type: 'Unexpected', message: 'a member of the header has no value' } };

/** A step that has given a value. */
type Done = PackedOutcome & { readonly value: unknown };

interface Attempt {
  readonly step: PackedStep;
  readonly attempt: number;
  readonly before: Done | undefined;
  readonly stop: LateSignal;
}

function argsOf({ args = [], immutable = false }: PackedStep, before: Done | undefined): readonly unknown[] {
  return before === undefined || immutable ? args : [before.value, ...args];
}

class PackRun {
  private readonly pack: Pack;
  private readonly activities: Activities;
  private readonly context: Context;
  private readonly outcomes: PackedOutcome[][];
  private readonly spent: Record<string, [number, number]> = {};
  private readonly startedAt = performance.now();
  private outputBytes = 0;
  private beaten = this.startedAt;
  private changed = false;

  constructor(pack: Pack, activities: Activities, context: Context) {
    this.pack = pack;
    this.activities = activities;
    this.context = context;
    const before = context.info.heartbeatDetails as PackOutcomes | undefined; // what the attempt before told with `beat`
    this.outcomes = pack.items.map((_, index) => [...(before?.[index] ?? [])]);
  }

  async toTheEnd(): Promise<void> {
    await takeTurn(this.startedAt);
    for (const [index, item] of this.pack.items.entries()) {
      await this.runItem(item, this.outcomes[index] ?? []);
      if (this.isFull()) break;
    }
    const { cancelled } = this;
    if (cancelled !== undefined) throw cancelled;
  }

  /** Steps that are there already came from an attempt whose worker died. */
  private async runItem(item: PackedItem, done: PackedOutcome[]): Promise<void> {
    const resumed = done.length;
    for (const [index, step] of item.entries()) {
      if (index < resumed) continue;
      const before = step.joins === undefined ? done.at(-1) : this.joinedOf(step.joins);
      if (this.isFull() || (before !== undefined && !('value' in before))) return;
      // Whether the dead worker had begun it, nobody knows: it counts as begun.
      const lost = index === resumed ? this.context.info.attempt - 1 : 0;
      const outcome = await this.runStep(step, before, lost);
      // The pack was called back, or the worker is going: the call is given back.
      if (outcome === undefined) return;
      done.push(outcome);
      this.changed = true;
      await this.keepAlive();
    }
  }

  /** The values of some items as a list, unless one of them has none. */
  private joinedOf(places: readonly number[]): PackedOutcome {
    const values: unknown[] = [];
    for (const place of places) {
      const outcome = this.outcomes[place]?.at(-1);
      if (outcome === undefined || !('value' in outcome)) return NOT_ALL;
      values.push(outcome.value);
    }
    return { value: values };
  }

  private async runStep(step: PackedStep, before: Done | undefined, lost: number): Promise<PackedOutcome | undefined> {
    const { cancellationSignal } = this.context;
    const began = performance.now();
    const attempt = (step.attempt ?? 1) + lost;
    const task: AnyTask | undefined = findTask(step.task);
    const stop = new LateSignal({ signal: cancellationSignal });
    try {
      const work = (): Promise<unknown> => this.call(task, { step, attempt, before, stop });
      const value = (await withinHardLimit(step.hardMs ?? task?.limits.hardMs, stop, work)) ?? null;
      this.outputBytes += JSON.stringify(value).length;
      this.note(step.task, performance.now() - began);
      return { value };
    } catch (error) {
      if (cancellationSignal.aborted && error instanceof CancelledFailure) return undefined;
      this.note(step.task, performance.now() - began);
      return outcomeOfFailure(error, attempt, task?.retry.attempts);
    }
  }

  private async call(task: AnyTask | undefined, { step, attempt, before, stop }: Attempt): Promise<unknown> {
    const activity = this.activities[task?.name ?? ''];
    if (task === undefined || activity === undefined)
      throw new PerennialError('UnknownTask', `expected a task that this worker serves, got '${step.task}'`);
    const { softMs, headers, tenant = this.pack.tenant, runId } = step;
    const { info } = this.context;
    const given: ServerAttempt = {
      inline: false,
      attempt,
      activityId: step.id,
      workflowId: runId ?? info.workflowExecution?.workflowId,
      queue: info.taskQueue,
      lastHeartbeat: undefined,
      get signal() {
        return stop.signal;
      },
      // The pack beats for all of its calls; a tiny one has nothing to carry over.
      heartbeat: () => undefined,
    };
    const input = inputOf(task, argsOf(step, before), step.kwargs ?? {});
    return withAttempt(given, () => activity(input, { softMs, headers, tenant }));
  }

  private note(task: string, ms: number): void {
    const sum = (this.spent[task] ??= [0, 0]);
    sum[0] += 1;
    sum[1] += ms;
  }

  private isFull(): boolean {
    if (this.context.cancellationSignal.aborted) return true;
    return performance.now() - this.startedAt > PACK_BUDGET_MS || this.outputBytes > PACK_OUTPUT_BYTES;
  }

  private keepAlive(): Promise<void> | undefined {
    if (performance.now() - this.beaten >= PACK_BEAT_MS) this.beat();
    return takeTurn(this.startedAt);
  }

  /** Also without news: a worker that says nothing counts as dead. */
  beat(): void {
    const now = performance.now();
    if (!this.changed && now - this.beaten < PACK_BEAT_MS * 5) return;
    this.beaten = now;
    this.changed = false;
    this.context.heartbeat(this.outcomes);
  }

  /**
   * What ends the pack without a report: nobody waits for it any more. When it is called back, or its worker goes, it
   * hands back what it has not begun.
   */
  private get cancelled(): Error | undefined {
    const { cancellationSignal, cancellationDetails } = this.context;
    const { workerShutdown = false, cancelRequested = false } = cancellationDetails ?? {};
    if (!cancellationSignal.aborted || workerShutdown || cancelRequested) return undefined;
    const reason: unknown = cancellationSignal.reason;
    return reason instanceof Error ? reason : new CancelledFailure('cancelled');
  }

  report(): PackReport {
    const spent = Object.entries(this.spent).map(([task, [calls, ms]]) => [task, [calls, Math.round(ms * 100) / 100]]);
    return { outcomes: this.outcomes, spent: Object.fromEntries(spent) as PackReport['spent'] };
  }
}
