/** Effects that happen once for each key, in a real PostgreSQL: what many askers get at once, and what is kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIncrementCounter } from '../../../activities/operations/once-tasks.ts';
import { type Asker, onceIn } from '../../../activities/shell/once.ts';
import type { Once } from '../../../activities/shell/task-body.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { createKeyRing, type KeyRing } from '../../../payloads/key-ring.ts';
import { createKeptAnswers } from '../../../services/answers/postgres.ts';
import { createOldRecords } from '../../../services/housekeeping/old-records.ts';
import { createCounters } from '../../../services/operations/postgres.ts';
import { sealedAnswers } from '../../../workers/effects.ts';
import { gate, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const ringOf = (id: string): KeyRing => createKeyRing(`${id}:${Buffer.alloc(32, id).toString('base64')}`, 'keys');
const RING = ringOf('k1');
const nothing = (): void => undefined;

/** `once` of one attempt of a task, as a worker has it. */
function attempt(asker: Partial<Asker> = {}, keys = RING): Once {
  const { signal } = new AbortController();
  const ledger = sealedAnswers(createKeptAnswers(world.database.db, 'effect_answers'), keys);
  const log = { info: nothing, warn: nothing };
  return onceIn(ledger, { taskName: 'shop.pay', taskId: 'task-1', tenant: undefined, stop: { signal }, log, ...asker });
}

const rows = async (): Promise<number> =>
  (await world.database.db.query<{ n: number }>('select count(*)::int as n from effect_answers')).rows[0]?.n ?? 0;

/** An effect that counts how often it happens. */
function counted() {
  let times = 0;
  return { effect: () => ++times, times: () => times };
}

describe('an effect with a key', () => {
  it('happens once for attempts and tasks that come later, which get its value', async () => {
    const { effect, times } = counted();
    expect(await attempt()('later', effect)).toEqual({ value: 1, repeated: false });
    expect(await attempt()('later', effect)).toEqual({ value: 1, repeated: false });
    expect(await attempt({ taskId: 'task-2' })('later', effect)).toEqual({ value: 1, repeated: true });
    expect(await attempt()('nothing', nothing)).toEqual({ value: undefined, repeated: false });
    expect(await attempt()('nothing', nothing)).toEqual({ value: undefined, repeated: false });
    expect(times()).toBe(1);
  });

  it('happens once for 20 attempts at the same time, which wait for it', async () => {
    const { effect, times } = counted();
    const asked = Array.from({ length: 20 }, (_, n) =>
      attempt({ taskId: `task-${n}` })('at once', async () => {
        await sleep(300);
        return effect();
      }),
    );
    const happened = await Promise.all(asked);
    expect(happened.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(happened.map(({ value }) => value))).toEqual(new Set([1]));
    expect(times()).toBe(1);
  });

  it('belongs to its tenant', async () => {
    const { effect, times } = counted();
    const keys = new Set<string>();
    for (const tenant of ['a', 'b', undefined, 'a'])
      await attempt({ tenant })('of tenants', ({ idempotencyKey }) => {
        keys.add(idempotencyKey);
        return effect();
      });
    expect(times()).toBe(3);
    expect(keys.size).toBe(3);
  });

  it('that throws has not happened: the next attempt has it again, with the same key for the provider', async () => {
    const seen: unknown[] = [];
    const failing = (error?: Error) =>
      attempt()('throws', ({ idempotencyKey, begunBefore }) => {
        seen.push([idempotencyKey, begunBefore]);
        if (error !== undefined) throw error;
        return 'paid';
      });
    const before = await rows();
    await expect(failing(new PerennialError('BackendRejected', 'declined'))).rejects.toThrow('declined');
    // What was refused for good leaves nothing; of any other error nobody knows how far it came.
    expect(await rows()).toBe(before);
    await expect(failing(new RangeError('hung up'))).rejects.toThrow(new RangeError('hung up'));
    expect(await failing()).toEqual({ value: 'paid', repeated: false });
    const [key] = seen[0] as [string];
    expect(seen).toEqual([
      [key, false],
      [key, false],
      [key, true],
    ]);
    expect(key).toMatch(/^[\w-]{43}$/);
  });

  it('is refused under the key of another effect, for good', async () => {
    const paid = { kind: 'payment', content: { amount: 12 } };
    await attempt()('taken', () => 'paid', paid);
    const reused = expect.objectContaining({ type: 'EffectKeyReused' }) as Error;
    await expect(attempt()('taken', () => 'sent')).rejects.toEqual(reused);
    await expect(attempt()('taken', () => 'paid', { ...paid, content: { amount: 13 } })).rejects.toEqual(reused);
    // Tasks that name the same effect share it.
    const other = attempt({ taskName: 'shop.charge', taskId: 'task-9' });
    expect(await other('taken', () => 'again', paid)).toEqual({ value: 'paid', repeated: true });
  });

  it('is kept, unreadable without the keys, and a missing key says so', async () => {
    await attempt()('a secret key', () => 'a secret result');
    const { rows: kept } = await world.database.db.query<{ all: string }>(
      `select name || fingerprint || encode(answer, 'escape') as all from effect_answers`,
    );
    expect(kept.map(({ all }) => all).join('\n')).not.toContain('secret');
    const without = attempt({}, ringOf('k2'))('a secret key', () => 'again');
    await expect(without).rejects.toMatchObject({ type: 'SealedValueUnreadable', message: /k1/ });
  });

  it('stands with whoever had it first, also when its attempt was given up meanwhile', async () => {
    const { pass, open } = gate();
    const { signal } = new AbortController();
    let begun = false;
    const first = attempt({ taskId: 'stalled' })('taken over', async () => {
      begun = true;
      await pass(signal);
      return 'first';
    });
    await expect.poll(() => begun).toBe(true);
    // As after a pause of the whole process that was longer than its lease.
    await world.database.db.query('update effect_answers set held_until = now() where answer is null');
    const second = attempt({ taskId: 'other' })('taken over', async ({ begunBefore }) => {
      open();
      await first;
      return `second, begun before: ${begunBefore}`;
    });
    expect(await first).toEqual({ value: 'first', repeated: false });
    expect(await second).toEqual({ value: 'first', repeated: true });
  });

  it('is cleaned up a month later, but not while it is under way', async () => {
    const { db } = world.database;
    await db.query('truncate effect_answers');
    await attempt()('old', () => 1);
    await attempt()('new', () => 1);
    await attempt()('begun', () => Promise.reject(new RangeError('odd'))).catch(nothing);
    await db.query(`update effect_answers set created_at = now() - interval '31 days', held_until = now() - interval '31 days'
      where ctid in (select ctid from effect_answers order by created_at limit 1)`);
    await db.query(`update effect_answers set created_at = now() - interval '31 days', held_until = now() + interval '1 minute'
      where answer is null`);
    const before = new Date(Date.now() - 30 * 86_400_000);
    const purge = { before, dryRun: false, signal: new AbortController().signal };
    expect(await createOldRecords(db).purge(purge)).toMatchObject({ effect_answers: 1 });
    expect(await rows()).toBe(2);
  });
});

describe('bad input of once', () => {
  it.each([
    ['no text', 7, /got number/],
    ['an empty text', '', /got 0 characters/],
    ['10 kB', 'k'.repeat(10_240), /got 10240 characters/],
    ['a NUL', 'a\u0000b', /control characters/],
    ['half a pair', 'a\ud800b', /lone surrogates/],
  ])('a key that is %s is refused, and nothing happens', async (_name, key, message) => {
    const { effect, times } = counted();
    const asked = attempt()(key as string, effect);
    await expect(asked).rejects.toMatchObject({ type: 'InvalidOutput', message });
    expect(times()).toBe(0);
  });

  it.each([
    ['no JSON', () => ({ at: new Date() }), /returns JSON or nothing/],
    ['a number that is none', () => Number.NaN, /returns JSON or nothing/],
    ['too large', () => 'x'.repeat(100_000), /at most 100000 bytes of JSON, got 100002/],
  ])('a result that is %s fails for good, and the effect is not repeated', async (name, give, message) => {
    const { effect, times } = counted();
    for (let n = 0; n < 2; n += 1) {
      const asked = attempt()(`result ${name}`, () => (effect(), give()));
      await expect(asked).rejects.toMatchObject({ type: 'InvalidOutput', message });
    }
    expect(times()).toBe(1);
  });

  it('an effect within itself is refused, and one of another key is not', async () => {
    const once = attempt();
    await expect(once('outer', () => once('outer', () => 1))).rejects.toThrow(/another key within an effect/);
    expect((await once('outer', () => once('inner', () => 1))).value).toEqual({ value: 1, repeated: false });
  });

  it('no function, and content that is no JSON, are refused', async () => {
    await expect(attempt()('text', 'paid' as never)).rejects.toMatchObject({ type: 'InvalidOutput' });
    await expect(attempt()('content', () => 1, { content: 1n })).rejects.toMatchObject({ type: 'InvalidOutput' });
  });

  it('a stop ends the waiting for another attempt', async () => {
    const { pass, open } = gate();
    const stop = new AbortController();
    let begun = false;
    const first = attempt()('stopped', () => {
      begun = true;
      return pass(new AbortController().signal);
    });
    await expect.poll(() => begun).toBe(true);
    const second = attempt({ stop })('stopped', nothing);
    stop.abort(new Error('revoked'));
    await expect(second).rejects.toThrow('revoked');
    open();
    await first;
  });
});

describe('tasks that use once', () => {
  const effectsOf = async (kind: string): Promise<number> => {
    const { rows: found } = await world.database.db.query('select 1 from operations_effects where kind = $1', [kind]);
    return found.length;
  };

  it('IDEM-2 process_payment: the second call says already_processed, and there is one effect', async () => {
    await world.withWorkers(async () => {
      const pay = world.client.task('operations.processPayment');
      const [first, second] = [await pay.call({ payment_id: 'p1' }), await pay.call({ payment_id: 'p1' })];
      const answers = [await first.result(), await second.result()].map(({ status }) => status).sort();
      expect(answers).toEqual(['already_processed', 'processed']);
    });
    expect(await effectsOf('processed payment')).toBe(1);
  });

  it('IDEM-3 P3-35 send_communication: one send for the same key, and as many as are meant for the same text', async () => {
    await world.withWorkers(async () => {
      const send = async (more: object): Promise<string> => {
        const input = { user_id: 'u1', message: 'Your bill', ...more };
        return (await (await world.client.task('operations.sendCommunication').call(input)).result()).status;
      };
      expect(await send({ key: 'bill-7' })).toBe('sent');
      expect(await send({ key: 'bill-7' })).toBe('already_sent');
      expect(await send({ template: 'bill', period: '2026-11' })).toBe('sent');
      expect(await send({ template: 'bill', period: '2026-11', message: 'Your bill again' })).toBe('already_sent');
      expect(await send({ template: 'bill', period: '2026-12' })).toBe('sent');
      expect([await send({}), await send({})]).toEqual(['sent', 'sent']);
    });
    expect(await effectsOf('communication')).toBe(5);
  });

  it('IDEM-5 a retried increment changes the value once, and calls with the same key too', async () => {
    const increment = createIncrementCounter({ counters: createCounters(world.database.db) });
    const failsFirst = async (...[input, context]: Parameters<typeof increment>) => {
      const counted = await increment(input, context);
      if (context.attempt === 1) throw new RangeError('after the increment');
      return counted;
    };
    const script = { 'operations.incrementCounter': failsFirst };
    await world.withWorkers(
      async () => {
        const task = world.client.task('operations.incrementCounter');
        const value = async (more: object = {}) =>
          (await (await task.call({ counter: 'visits', ...more })).result()).value;
        expect(await value()).toBe(1);
        expect(await Promise.all([value({ key: 'visit-2' }), value({ key: 'visit-2' })])).toEqual([2, 2]);
        expect(await value()).toBe(3);
      },
      { script },
    );
  });
});
