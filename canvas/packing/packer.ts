/**
 * Collects calls that become ready together and sends them in packs. Pure and
 * deterministic: which calls share a pack follows from their order and
 * from the reports of the packs before.
 */
import type { PackedOutcome, PackedStep, PackOutcomes } from '../../contracts/tasks/packs.ts';
import { REVOKED } from '../model/outcome.ts';
import { argsOf, dropUnwanted, type Entry, entryOf, isSingle, keyOf } from './entries.ts';
import { createEstimates, type Estimates } from './estimates.ts';
import type { Lane, Packer, PackPorts } from './ports.ts';
import { type Joined, joinedEntry, joinedIn, joinedStep } from './joins.ts';
import { createPacksUnderWay, cutRevoked, type PacksUnderWay } from './recalls.ts';
import { stepSize, stepsThatFit, takePack } from './size.ts';
import { Unfinished } from './unfinished.ts';
import type { CallReply, CallRequest } from '../model/request.ts';

interface LaneState {
  readonly lane: Lane;
  readonly waiting: Entry[];
  underWay: number;
}

interface Waiter {
  readonly resolve: (reply: CallReply) => void;
  readonly reject: (error: unknown) => void;
}

/** Makes calls, in packs where it may. */
export function createPacker(ports: PackPorts): Packer {
  return new PackingCalls(ports);
}

const REVOKED_REPLY: CallReply = { kind: 'failed', failure: REVOKED };

class PackingCalls implements Packer {
  private readonly ports: PackPorts;
  private readonly lanes = new Map<string, LaneState>();
  private readonly estimates: Estimates = createEstimates();
  /** Callers that wait for a step, and replies that nobody has asked for yet. */
  private readonly waiters = new Map<string, Waiter>();
  private readonly replies = new Map<string, CallReply>();
  /** Steps and bodies that are in a pack behind another call. */
  private readonly following = new Set<string>();
  /** Entries that have not ended. */
  private readonly open = new Set<Entry>();
  private readonly packs: PacksUnderWay = createPacksUnderWay();
  private flushing = false;

  constructor(ports: PackPorts) {
    this.ports = ports;
  }

  call(request: CallRequest): Promise<CallReply> {
    const key = keyOf(request);
    const known = this.replies.get(key);
    if (known !== undefined || this.following.has(key)) this.ports.sent(request.path, 1);
    if (known !== undefined) {
      this.replies.delete(key);
      return Promise.resolve(known);
    }
    if (this.following.has(key)) return this.replyTo(key);
    const lane = this.ports.laneOf(request);
    if (lane === undefined) return this.ports.single(request, 0);
    const steps = [request, ...(request.lookahead ?? [])];
    for (const step of request.lookahead ?? []) this.following.add(keyOf(step));
    const state = this.laneState(lane);
    const bytes = steps.reduce((sum, step) => sum + stepSize(step), 0);
    const entry = entryOf(steps, bytes, this.ports.context());
    this.cut(entry, (path) => this.ports.isRevoked(path));
    this.open.add(entry);
    state.waiting.push(entry);
    this.flushSoon();
    return this.replyTo(key);
  }

  revoke(concerns: (path: string) => boolean): number {
    let count = 0;
    this.packs.recallAbout(concerns);
    for (const entry of this.open) {
      this.cut(entry, concerns);
      const step = entry.steps[entry.at];
      if (step === undefined || !concerns(step.path)) continue;
      count += 1;
      entry.revoked = true;
      if (entry.cancel === undefined) this.settle(entry, REVOKED_REPLY);
      else entry.cancel();
    }
    return count;
  }

  recallUnwanted(): void {
    this.packs.recallUnwanted();
  }

  /** A caller of a cut step learns from the runtime that it is revoked. */
  private cut(entry: Entry, concerns: (path: string) => boolean): void {
    for (const step of cutRevoked(entry, concerns)) this.following.delete(keyOf(step));
  }

  private replyTo(key: string): Promise<CallReply> {
    return new Promise((resolve, reject) => this.waiters.set(key, { resolve, reject }));
  }

  private laneState(lane: Lane): LaneState {
    const found = this.lanes.get(lane.key);
    if (found !== undefined) return found;
    const state: LaneState = { lane, waiting: [], underWay: 0 };
    this.lanes.set(lane.key, state);
    return state;
  }

  private flushSoon(): void {
    if (this.flushing) return;
    this.flushing = true;
    void this.ports.drained().then(() => {
      this.flushing = false;
      for (const state of this.lanes.values()) this.flush(state);
    });
  }

  private flush(state: LaneState): void {
    for (;;) {
      const dropped = dropUnwanted(state.waiting);
      if (dropped.length > 0) this.rejectAll(dropped, this.ports.cancelled());
      const entries = takePack(state.waiting, this.estimates, state.underWay);
      const [first] = entries;
      if (first === undefined) return;
      const single = entries.length === 1 && isSingle(first, this.estimates) ? first : undefined;
      // Single calls are counted by their own window.
      if (single === undefined) state.underWay += 1;
      const sent = single === undefined ? this.together(state, entries) : this.alone(state, single);
      sent
        .catch((error: unknown) => {
          this.rejectAll(entries, error);
        })
        .finally(() => {
          if (single === undefined) state.underWay -= 1;
          this.flush(state);
        });
    }
  }

  private async alone(state: LaneState, entry: Entry): Promise<void> {
    const step = entry.steps[entry.at];
    if (step === undefined) return;
    const made = { ...step, args: argsOf(entry, step) };
    const { done, cancel } = entry.context.start(() => this.ports.single(made, entry.attempt - 1));
    entry.cancel = cancel;
    const reply = await done.catch((error: unknown) => {
      // A run that is stopped as a whole is stopped, whatever was revoked before.
      if (entry.revoked && entry.context.wanted()) return REVOKED_REPLY;
      throw error;
    });
    entry.cancel = undefined;
    this.settle(entry, reply);
    if (entry.at < entry.steps.length) state.waiting.push(entry);
  }

  private async together(state: LaneState, entries: readonly Entry[]): Promise<void> {
    const joined = joinedIn(entries);
    for (const { body } of joined) this.following.add(keyOf(body));
    const bodies = joined.map((one) => joinedStep(one, (call) => this.ports.stepOf(call)));
    const items = [...entries.map((entry) => this.itemOf(entry)), ...bodies];
    const tasks = [...new Set(items.flatMap((item) => item.map(({ task }) => task)))];
    const { done, recall } = this.ports.send(state.lane, { items }, tasks);
    const pack = { entries, joined, recall };
    this.packs.add(pack);
    const { outcomes, spent, died = false } = await done;
    this.packs.delete(pack);
    this.estimates.learn(spent);
    const unfinished = new Unfinished();
    const begun = [...entries, ...this.begunBodies(joined, entries, outcomes)];
    for (const [index, entry] of begun.entries()) {
      const delay = entry === undefined ? undefined : this.follow(entry, outcomes[index] ?? [], died);
      if (entry !== undefined && delay !== undefined) unfinished.add(entry, delay);
    }
    for (const [delay, again] of unfinished.after) this.later(state, again, this.ports.sleep, delay);
    const { parked, parkedMs } = unfinished;
    if (parked.length > 0) this.later(state, parked, this.ports.waitForProvider, parkedMs);
  }

  /**
   * Bodies that the worker has begun. The others are called when the engine asks for them, which it does not for
   * revoked ones.
   */
  private begunBodies(
    joined: readonly Joined[],
    entries: readonly Entry[],
    outcomes: PackOutcomes,
  ): readonly (Entry | undefined)[] {
    const [first] = entries;
    return joined.map((one, index) => {
      const begun = (outcomes[entries.length + index] ?? []).length > 0;
      const wanted = one.places.every((place) => entries[place]?.joined !== undefined);
      if (!begun || !wanted || first === undefined) {
        this.following.delete(keyOf(one.body));
        return undefined;
      }
      const entry = joinedEntry(one, outcomes, first.context);
      this.open.add(entry);
      return entry;
    });
  }

  private itemOf(entry: Entry): readonly PackedStep[] {
    const count = stepsThatFit(entry.steps, entry.at);
    const [first] = entry.steps.slice(entry.at);
    if (first !== undefined) this.ports.sent(first.path, entry.attempt);
    return entry.steps.slice(entry.at, entry.at + count).map((step, offset) => {
      const packed = this.ports.stepOf(step);
      if (offset > 0) return step.immutable === true ? { ...packed, immutable: true } : packed;
      return {
        ...packed,
        args: argsOf(entry, step),
        ...(entry.attempt === 1 ? {} : { attempt: entry.attempt }),
        ...(entry.parked ? { parked: 1 } : {}),
      };
    });
  }

  /** @returns milliseconds after which the rest of the entry goes on; `undefined` where nothing is left */
  private follow(entry: Entry, outcomes: readonly PackedOutcome[], died: boolean): number | undefined {
    for (const outcome of outcomes) {
      if ('value' in outcome) this.settle(entry, { kind: 'done', value: outcome.value });
      else if (outcome.retryInMs === undefined) this.settle(entry, { kind: 'failed', failure: outcome.failure });
      else {
        entry.parked = outcome.parked === true;
        if (!entry.parked) entry.attempt += 1;
        return outcome.retryInMs;
      }
    }
    if (entry.at >= entry.steps.length) return undefined;
    if (died) {
      entry.alone = true;
      entry.attempt += 2;
    }
    return 0;
  }

  private later(
    state: LaneState,
    entries: readonly Entry[],
    pause: (ms: number) => Promise<void>,
    delay: number,
  ): void {
    const queue = (): void => {
      state.waiting.push(...entries);
      this.flush(state);
    };
    if (delay === 0) {
      queue();
      return;
    }
    pause(delay).then(queue, (error: unknown) => {
      this.rejectAll(entries, error);
    });
  }

  private settle(entry: Entry, reply: CallReply): void {
    const step = entry.steps[entry.at];
    if (step === undefined) return;
    entry.attempt = 1;
    entry.parked = false;
    const key = keyOf(step);
    if (reply.kind === 'done') {
      entry.at += 1;
      entry.value = reply.value;
    } else {
      // The steps behind a failed one are never asked for.
      for (const next of entry.steps.slice(entry.at + 1)) this.following.delete(keyOf(next));
      entry.at = entry.steps.length;
    }
    if (entry.at >= entry.steps.length) this.open.delete(entry);
    this.following.delete(key);
    const waiter = this.waiters.get(key);
    this.waiters.delete(key);
    if (waiter === undefined) this.replies.set(key, reply);
    else waiter.resolve(reply);
  }

  /** The run was cancelled, or the scope that the calls come from. */
  private rejectAll(entries: readonly Entry[], error: unknown): void {
    for (const entry of entries) {
      this.open.delete(entry);
      for (const step of entry.steps.slice(entry.at)) {
        const key = keyOf(step);
        this.following.delete(key);
        this.waiters.get(key)?.reject(error);
        this.waiters.delete(key);
      }
    }
  }
}
