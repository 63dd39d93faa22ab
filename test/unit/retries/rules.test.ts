/** What follows a failed attempt, by the rule of its task. */
import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../contracts/failures.ts';
import { failureClasses, isRetriedClass } from '../../../contracts/failures/rule.ts';
import { isFailureType } from '../../../contracts/failures.ts';
import { catalogue } from '../../../contracts/catalogue.ts';
import { retryFaults } from '../../../contracts/tasks/retry-faults.ts';
import { decideRetry, LONGEST_ASKED_MS, retryDelayMs, type RetryRule } from '../../../contracts/tasks/retry-rules.ts';
import { retries } from '../../../contracts/tasks/retries.ts';

const rule: RetryRule = { attempts: 9, delayMs: 1_000, factor: 2, maxDelayMs: 5_000, reason: 'For this test.' };
const MIDDLE = 0.5;

const failed = (type: string, kind: FailureClass, retryAfterMs?: number) => ({ type, class: kind, retryAfterMs });

describe('retryDelayMs', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 5_000],
    [9, 5_000],
    [2_000, 5_000],
  ])('after attempt %i waits %i ms', (attempt, delay) => {
    expect(retryDelayMs(rule, attempt)).toBe(delay);
  });

  it('is never 0, which would end the activity', () => {
    expect(retryDelayMs({ delayMs: 0 }, 1)).toBe(1);
    expect(retryDelayMs({ delayMs: 10, jitter: 'full' }, 1, 0)).toBe(1);
  });

  it('RETRY-3 spreads each delay by ±25 %, the last random number excluded', () => {
    const delays = (attempt: number) =>
      [0, MIDDLE, 1].map((random) => retryDelayMs(retries.smart, attempt, random) / 1_000);
    expect(delays(1)).toEqual([45, 60, 75]);
    expect(delays(5)).toEqual([720, 960, 1_200]);
    expect(delays(7)).toEqual([2_700, 3_600, 4_500]);
  });

  it('spreads over the whole delay, as retry_jitter of Celery', () => {
    const delays = [0.25, MIDDLE, 1].map((random) => retryDelayMs({ delayMs: 8_000, jitter: 'full' }, 1, random));
    expect(delays).toEqual([2_000, 4_000, 8_000]);
  });
});

describe('decideRetry', () => {
  it.each(failureClasses)('retries %s or not, as the class says', (kind) => {
    const decision = decideRetry(rule, failed('Some', kind), 1, MIDDLE);
    expect(decision.again).toBe(isRetriedClass(kind));
  });

  it('waits as long as the other side asks, at most a day, and never 0', () => {
    const asked = (retryAfterMs: number) => decideRetry(rule, failed('A', 'throttled', retryAfterMs), 1, MIDDLE);
    expect(asked(7_000)).toEqual({ again: true, delayMs: 7_000 });
    expect(asked(0)).toEqual({ again: true, delayMs: 1 });
    for (const huge of [1e15, Infinity]) expect(asked(huge)).toEqual({ again: true, delayMs: LONGEST_ASKED_MS });
    for (const wrong of [-1, NaN]) expect(asked(wrong)).toEqual({ again: true, delayMs: 1_000 });
  });

  it('retries only what retryOn names, by type or class, and never what neverOn names', () => {
    const only: RetryRule = { ...rule, retryOn: ['Late', 'permanent'], neverOn: ['Wrong'] };
    const again = (type: string, kind: FailureClass) => decideRetry(only, failed(type, kind), 1, MIDDLE).again;
    expect(again('Late', 'transient')).toBe(true);
    expect(again('Away', 'transient')).toBe(false);
    expect(again('Odd', 'permanent')).toBe(true);
    expect(again('Wrong', 'permanent')).toBe(false);
  });

  it('has attempts and delays for single failures, the first that fits', () => {
    const special: RetryRule = {
      ...rule,
      byFailure: [
        { on: ['Late'], delayMs: 300_000, factor: 3, maxDelayMs: 10_000_000 },
        { on: ['transient'], attempts: 2 },
        { on: ['unknown'], attempts: 3, delayMs: 5, finalType: 'PermanentError' },
      ],
    };
    const decide = (type: string, kind: FailureClass, attempt: number) =>
      decideRetry(special, failed(type, kind), attempt, MIDDLE);
    expect(decide('Late', 'transient', 2)).toEqual({ again: true, delayMs: 900_000 });
    expect(decide('Away', 'transient', 1)).toEqual({ again: true, delayMs: 1_000 });
    expect(decide('Away', 'transient', 2)).toEqual({ again: false, finalType: undefined });
    expect(decide('Odd', 'unknown', 2)).toEqual({ again: true, delayMs: 5 });
    expect(decide('Odd', 'unknown', 3)).toEqual({ again: false, finalType: 'PermanentError' });
  });

  it('ends with the final type of the rule after its last attempt, and only then', () => {
    const ending = { ...rule, attempts: 2, finalType: 'PermanentError' };
    expect(decideRetry(ending, failed('A', 'transient'), 1, MIDDLE).again).toBe(true);
    expect(decideRetry(ending, failed('A', 'transient'), 2, MIDDLE)).toEqual({
      again: false,
      finalType: 'PermanentError',
    });
  });
});

describe('faults of a retry rule', () => {
  const faultsOf = (changes: object) =>
    retryFaults({ ...rule, ...changes }, isFailureType).map(({ field, got }) => `${field} ${got}`);

  it('none of the product has any, and every policy says why', () => {
    const all: readonly RetryRule[] = [...catalogue.map((task) => task.retry), ...Object.values(retries)];
    for (const one of all) {
      expect(retryFaults(one, isFailureType)).toEqual([]);
      expect(one.reason.length).toBeGreaterThan(10);
    }
  });

  it.each([
    [{ attempts: Infinity }, 'retry.attempts Infinity'],
    [{ attempts: 0 }, 'retry.attempts 0'],
    [{ attempts: 1.5 }, 'retry.attempts 1.5'],
    [{ attempts: '3' }, "retry.attempts '3'"],
    [{ delayMs: -1 }, 'retry.delayMs -1'],
    [{ delayMs: NaN, maxDelayMs: 1 }, 'retry.delayMs NaN'],
    [{ maxDelayMs: Infinity }, 'retry.maxDelayMs Infinity'],
    [{ factor: -2 }, 'retry.factor -2'],
    [{ jitter: 2 }, 'retry.jitter 2'],
    [{ jitter: 'some' }, "retry.jitter 'some'"],
    [{ retryOn: ['Nothing'] }, "retry.retryOn 'Nothing'"],
    [{ neverOn: ['nobody'] }, "retry.neverOn 'nobody'"],
    [{ finalType: 'transient' }, "retry.finalType 'transient'"],
    [{ byFailure: [{ on: ['transient'], attempts: 10 }] }, 'retry.byFailure[0].attempts 10'],
    [{ byFailure: [{ on: ['transient'], delayMs: -5 }] }, 'retry.byFailure[0].delayMs -5'],
  ])('%j is refused', (changes, found) => {
    expect(faultsOf(changes)).toContain(found);
  });
});
