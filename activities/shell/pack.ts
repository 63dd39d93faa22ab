/**
 * The activity that runs many tiny calls one after the other. Each goes through the shell of its own task, with its own
 * id, attempt, limits and log. Every heartbeat carries the outcomes so far, so that after a kill only the rest runs
 * again.
 */
import { CancelledFailure, Context } from '@temporalio/activity';
import { inputOf } from '../../canvas/signature/task-input.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { findTask } from '../../contracts/register.schema.ts';
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

/**
 * Interval of heartbeats in milliseconds, which bounds the work that is lost when a worker is killed; workers throttle
 * heartbeats to the same value.
 */
export const PACK_BEAT_MS = 200;

/**
 * Creates the activity.
 * @param activities - what is registered on the same queue; a call of any other task fails as it would alone
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

/** Outcome of a body whose header has not fully succeeded. */
const NOT_ALL: PackedOutcome = { failure: { type: 'Unexpected', message: 'a member of the header has no value' } };

/** A step that returned a value. */
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
    const before = context.info.heartbeatDetails as PackOutcomes | undefined; // `beat` of the attempt before wrote it
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

  /** Runs the steps of an item. Steps with an outcome come from an earlier attempt whose worker died. */
  private async runItem(item: PackedItem, done: PackedOutcome[]): Promise<void> {
    const resumed = done.length;
    for (const [index, step] of item.entries()) {
      if (index < resumed) continue;
      const before = step.joins === undefined ? done.at(-1) : this.joinedOf(step.joins);
      if (this.isFull() || (before !== undefined && !('value' in before))) return;
      // It is unknown whether the dead worker had begun this step, so it counts as begun.
      const lost = index === resumed ? this.context.info.attempt - 1 : 0;
      const outcome = await this.runStep(step, before, lost);
      // The pack was called back or the worker is shutting down, so the call is returned unstarted.
      if (outcome === undefined) return;
      done.push(outcome);
      this.changed = true;
      await this.keepAlive();
    }
  }

  /** Returns the values of some items as a list, unless one of them has none. */
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
    const task = findTask(step.task);
    const stop = new LateSignal({ signal: cancellationSignal });
    try {
      const work = (): Promise<unknown> => this.call(task, { step, attempt, before, stop });
      const value = (await withinHardLimit(step.hardMs ?? task?.limits.hardMs, stop, work)) ?? null;
      this.outputBytes += JSON.stringify(value).length;
      this.note(step.task, performance.now() - began);
      return { value };
    } catch (error) {
      if (cancellationSignal.aborted && error instanceof CancelledFailure) return undefined;
      const outcome = outcomeOfFailure(error, attempt, task?.retry.attempts);
      // A parked call was not made, so it says nothing about how long one takes.
      if (!('parked' in outcome)) this.note(step.task, performance.now() - began);
      this.outputBytes += JSON.stringify(outcome).length;
      return outcome;
    }
  }

  private async call(task: AnyTask | undefined, { step, attempt, before, stop }: Attempt): Promise<unknown> {
    const activity = this.activities[task?.name ?? ''];
    if (task === undefined || activity === undefined)
      throw new PerennialError('UnknownTask', `expected a task that this worker serves, got '${step.task}'`);
    const { softMs, headers, tenant = this.pack.tenant, runId, parked } = step;
    const { info } = this.context;
    const given: ServerAttempt = {
      inline: false,
      attempt,
      taskId: step.id,
      workflowId: runId ?? info.workflowExecution?.workflowId,
      queue: info.taskQueue,
      lastHeartbeat: undefined,
      get signal() {
        return stop.signal;
      },
      // The pack sends heartbeats for all of its calls; a tiny call has no progress of its own.
      heartbeat: () => undefined,
    };
    const input = inputOf(task, argsOf(step, before), step.kwargs ?? {});
    return withAttempt(given, () => activity(input, { softMs, headers, tenant, parked }));
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

  /** Sends a heartbeat even without progress, because a silent worker counts as dead. */
  beat(): void {
    const now = performance.now();
    if (!this.changed && now - this.beaten < PACK_BEAT_MS * 5) return;
    this.beaten = now;
    this.changed = false;
    this.context.heartbeat(this.outcomes);
  }

  /**
   * Returns the error that ends the pack without a report, because nobody waits for it any more. A pack that is called
   * back, or whose worker shuts down, reports its unstarted calls instead.
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
