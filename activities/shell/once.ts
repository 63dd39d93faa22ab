/** Effects that happen once for each key, whatever attempts, workers and calls do at the same time. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { failures, PerennialError } from '../../contracts/failures.ts';
import { classify } from '../../contracts/failures/foreign/classify.ts';
import { jsonSchema } from '../../contracts/values/json/schema.ts';
import { keepLease, LEASE_MS } from '../../contracts/values/lease.ts';
import type { Hold, KeptAnswers } from '../../services/answers/port.ts';
import type { BodyLog } from './attempt-log.ts';
import { type Outcome, outcomeOf, readOutcome, writeOutcome } from './once-outcome.ts';
import type { Effect, Happened, Once, OnceOptions } from './task-body.ts';

/** Longest key, in characters. */
export const MAX_EFFECT_KEY = 500;

/** Pauses between looks at an effect that another attempt has, in milliseconds; they grow. */
const LOOK_AGAIN_MS = { least: 100, most: 1_000 } as const;

/** The attempt that asks for effects. */
export interface Asker {
  readonly taskName: string;
  readonly taskId: string;
  readonly tenant: string | undefined;
  /** Ends the waiting for another attempt, and is part of the signal of the effect. */
  readonly stop: { readonly signal: AbortSignal };
  readonly log: Pick<BodyLog, 'warn' | 'info'>;
}

/** Names of the effects that the code is within. */
const within = new AsyncLocalStorage<ReadonlySet<string>>();

/** Makes `once` for one attempt. */
export function onceIn(answers: KeptAnswers, asker: Asker): Once {
  return async <T>(key: string, effect: Effect<T>, options: OnceOptions = {}): Promise<Happened<T>> => {
    checkKey(asker, key);
    if (typeof effect !== 'function')
      throw faulty(asker, `expected an effect that is a function, got ${typeof effect}`);
    const name = digest('name', asker.tenant, key);
    if (within.getStore()?.has(name) === true)
      throw faulty(asker, 'expected another key within an effect than the key of the effect itself, got the same');
    const outcome = await new Asked(answers, asker, name, fingerprintOf(asker, options)).once(() => ({
      idempotencyKey: digest('idempotency key', asker.tenant, key),
      effect,
    }));
    if ('fault' in outcome) throw faulty(asker, outcome.fault);
    // `as` is safe: the effect of this key gave the value, and its fingerprint is the same.
    return { value: outcome.value as T, repeated: outcome.by !== asker.taskId };
  };
}

interface Begun<T> {
  readonly idempotencyKey: string;
  readonly effect: Effect<T>;
}

/** One call of `once`. */
class Asked {
  private readonly answers: KeptAnswers;
  private readonly asker: Asker;
  private readonly hold: Hold;
  private readonly fingerprint: string;

  constructor(answers: KeptAnswers, asker: Asker, name: string, fingerprint: string) {
    this.answers = answers;
    this.asker = asker;
    this.hold = { name, holder: randomUUID() };
    this.fingerprint = fingerprint;
  }

  async once(begin: () => Begun<unknown>): Promise<Outcome> {
    const { signal } = this.asker.stop;
    for (let pause: number = LOOK_AGAIN_MS.least; ; pause = Math.min(pause * 1.5, LOOK_AGAIN_MS.most)) {
      signal.throwIfAborted();
      const claimedAt = performance.now();
      const claim = await this.answers.claim(this.hold, this.fingerprint, LEASE_MS);
      if (claim.kind === 'answered') return readOutcome(claim.answer);
      if (claim.kind === 'other') throw this.otherEffect();
      if (claim.kind === 'granted') return this.run(begin(), claim.begunBefore, claimedAt);
      if (pause === LOOK_AGAIN_MS.least) this.asker.log.info('another attempt has the effect; this one waits for it');
      await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  private async run(
    { effect, idempotencyKey }: Begun<unknown>,
    begunBefore: boolean,
    claimedAt: number,
  ): Promise<Outcome> {
    const lost = new AbortController();
    const lease = keepLease(
      (leaseMs) => this.answers.renew(this.hold, leaseMs),
      claimedAt,
      () =>
        lost.abort(new PerennialError('DatabaseUnavailable', 'expected the ledger of effects to answer, it did not')),
    );
    try {
      const signal = AbortSignal.any([this.asker.stop.signal, lost.signal]);
      const names = new Set([...(within.getStore() ?? []), this.hold.name]);
      const value = await within.run(names, () => effect({ idempotencyKey, signal, begunBefore }));
      return await this.keep(outcomeOf(value, this.asker.taskId));
    } catch (error) {
      await this.giveBack(error);
      throw error;
    } finally {
      lease.end();
    }
  }

  /** Notes what has happened. Where another attempt has noted it before, what that one got is the outcome. */
  private async keep(outcome: Outcome): Promise<Outcome> {
    const bytes = writeOutcome(outcome);
    if (await this.answers.keep(this.hold, bytes)) return outcome;
    this.asker.log.warn('the effect was taken for given up while it happened, and another attempt has had it too');
    const claim = await this.answers.claim(this.hold, this.fingerprint, LEASE_MS);
    if (claim.kind === 'answered') return readOutcome(claim.answer);
    if (claim.kind === 'granted') await this.answers.keep(this.hold, bytes);
    return outcome;
  }

  /** What was refused for good has not happened; after any other error nobody knows. */
  private async giveBack(error: unknown): Promise<void> {
    const refused = failures[classify(error, Date.now()).type].class === 'permanent';
    await (refused ? this.answers.forget(this.hold) : this.answers.free(this.hold)).catch(() => {
      this.asker.log.warn('the effect could not be given back; the next attempt waits until its lease has ended');
    });
  }

  private otherEffect(): PerennialError {
    return new PerennialError(
      'EffectKeyReused',
      `${this.asker.taskName}: once: expected a key that only this effect has, got one under which something else was done; ` +
        'use another key, or the same `kind` and `content`',
    );
  }
}

function checkKey(asker: Asker, key: unknown): asserts key is string {
  const expected = `expected a key of 1 to ${MAX_EFFECT_KEY} characters without control characters and lone surrogates`;
  if (typeof key !== 'string') throw faulty(asker, `${expected}, got ${key === null ? 'null' : typeof key}`);
  if (key === '' || key.length > MAX_EFFECT_KEY) throw faulty(asker, `${expected}, got ${key.length} characters`);
  if (/[\p{Cc}\p{Cs}]/u.test(key)) throw faulty(asker, `${expected}, got one with such a character`);
}

/** The key may hold what no history may show, so messages do not repeat it. */
function faulty({ taskName }: Asker, message: string): PerennialError {
  return new PerennialError('InvalidOutput', `${taskName}: once: ${message}`);
}

function fingerprintOf(asker: Asker, { kind = asker.taskName, content = null }: OnceOptions): string {
  if (!jsonSchema.safeParse(content).success) throw faulty(asker, 'expected `content` that is JSON, got another value');
  return digest('effect', kind, JSON.stringify(content));
}

/** Digest of texts of which each stands for itself; no tenant is not the tenant of an empty name. */
function digest(...texts: readonly (string | undefined)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(texts.map((text) => text ?? null)))
    .digest('base64url');
}
