/** Celery's retry options against the delays that Celery itself computes from them. */
import { describe, expect, it } from 'vitest';
import { type CeleryRetryOptions, retryOfCelery } from '../../../contracts/tasks/celery-retry.ts';
import { decideRetry, retryDelayMs } from '../../../contracts/tasks/retry-rules.ts';

const seconds = (options: CeleryRetryOptions, random?: number): readonly number[] => {
  const rule = retryOfCelery(options);
  return Array.from({ length: rule.attempts - 1 }, (_, n) => retryDelayMs(rule, n + 1, random) / 1_000);
};

describe('retryOfCelery', () => {
  it('RETRY-7 counts the first attempt, and has the defaults of Celery: three retries, 180 s apart', () => {
    expect(seconds({})).toEqual([180, 180, 180]);
    expect(retryOfCelery({ max_retries: 0 }).attempts).toBe(1);
  });

  it.each<[string, CeleryRetryOptions, readonly number[]]>([
    ['a delay', { max_retries: 2, default_retry_delay: 60 }, [60, 60]],
    [
      'no backoff, whose cap and jitter mean nothing then',
      { retry_backoff: false, retry_backoff_max: 5, retry_jitter: true },
      [180, 180, 180],
    ],
    ['0, which is off', { retry_backoff: 0, max_retries: 1 }, [180]],
    ['true, which begins at 1 s', { retry_backoff: true, retry_jitter: false, max_retries: 5 }, [1, 2, 4, 8, 16]],
    ['a number, which is the first delay', { retry_backoff: 5, retry_jitter: false }, [5, 10, 20]],
    ['a fraction, which is dropped', { retry_backoff: 2.9, retry_jitter: false }, [2, 4, 8]],
    ['a fraction below 1, which is 1', { retry_backoff: 0.5, retry_jitter: false }, [1, 2, 4]],
    ['a cap', { retry_backoff: true, retry_backoff_max: 3, retry_jitter: false, max_retries: 4 }, [1, 2, 3, 3]],
    ['the cap of Celery, 600 s', { retry_backoff: 300, retry_jitter: false }, [300, 600, 600]],
    [
      'a delay beside a backoff, which does not count',
      { default_retry_delay: 7, retry_backoff: 1, retry_jitter: false },
      [1, 2, 4],
    ],
  ])('converts %s', (_, options, expected) => {
    expect(seconds(options)).toEqual(expected);
  });

  it('RETRY-8 spreads over the whole delay unless jitter is off', () => {
    const ai = { retry_backoff: true, retry_backoff_max: 600, retry_jitter: true, max_retries: 5 };
    expect(seconds(ai, 1)).toEqual([1, 2, 4, 8, 16]);
    expect(seconds(ai, 0.25)).toEqual([0.25, 0.5, 1, 2, 4]);
    expect(retryOfCelery({ retry_backoff: true }).jitter).toBe('full');
  });

  it('knows the exceptions of Python and the names of failures', () => {
    const rule = retryOfCelery({
      autoretry_for: ['ConnectionError', 'TimeoutError', 'OutOfStock'],
      dont_autoretry_for: ['ValueError'],
    });
    expect(rule.retryOn).toEqual(['BackendUnavailable', 'BackendTimeout', 'OutOfStock']);
    expect(rule.neverOn).toEqual(['permanent']);
    const again = (type: string, kind: 'transient' | 'permanent') =>
      decideRetry(rule, { type, class: kind }, 1, 0).again;
    expect(again('BackendTimeout', 'transient')).toBe(true);
    expect(again('DatabaseUnavailable', 'transient')).toBe(false);
    expect(retryOfCelery({ autoretry_for: ['Exception'] }).retryOn).toEqual(['transient', 'throttled', 'unknown']);
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { max_retries: null },
      'max_retries: expected a number: retries without an end are not offered, at most 9999, got None',
    ],
    [{ max_retries: Infinity }, 'max_retries: expected a number: retries without an end are not offered'],
    [{ max_retries: -1 }, 'max_retries: expected a whole number from 0 to 9999, got -1'],
    [{ max_retries: 2.5 }, 'got 2.5'],
    [{ max_retries: '3' }, "max_retries: expected a whole number from 0 to 9999, got '3'"],
    [{ default_retry_delay: -60 }, 'default_retry_delay: expected seconds as a number from 0 to 2678400, got -60'],
    [{ default_retry_delay: NaN }, 'got NaN'],
    [{ default_retry_delay: null }, 'got None'],
    [{ retry_backoff: 'fast' }, "retry_backoff: expected seconds as a number from 0 to 2678400, got 'fast'"],
    [{ retry_backoff: -1 }, 'got -1'],
    [{ retry_backoff_max: Infinity }, 'retry_backoff_max: expected seconds'],
    [{ retry_jitter: 1 }, 'retry_jitter: expected true or false, got 1'],
    [{ autoretry_for: 'ConnectionError' }, 'autoretry_for: expected a list of names'],
    [{ autoretry_for: [Error] }, 'autoretry_for: expected a list of names'],
    [{ max_retry: 3 }, 'max_retry: expected one of max_retries, default_retry_delay'],
    [{ toString: 3 }, 'toString: expected one of max_retries'],
  ])('refuses %j', (options, message) => {
    expect(() => retryOfCelery(options)).toThrow(message);
  });

  it('names every fault at once', () => {
    expect(() => retryOfCelery({ max_retries: -1, default_retry_delay: -1 })).toThrow(
      /max_retries.*; default_retry_delay/,
    );
  });
});
