/** Every named policy on a real server: how many attempts there are, and how long each waits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failures, type FailureType, PerennialError } from '../../../contracts/failures.ts';
import { PermanentError, RetryableError, TemporaryError } from '../../../contracts/failures/task-errors.ts';
import { retryOfCelery } from '../../../contracts/tasks/celery-retry.ts';
import { retries } from '../../../contracts/tasks/retries.ts';
import { type Told, tryAll } from '../../support/retries/attempts.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

const failing = (type: FailureType, retryAfterMs?: number) => (): never => {
  throw new PerennialError(type, 'away', retryAfterMs === undefined ? {} : { retryAfterMs });
};
const away = failing('BackendUnavailable');
const unforeseen = (): never => {
  throw new RangeError('odd');
};

/** The server waits no shorter than it is asked to, and this much longer at most, in seconds of a rule: 1.5 s of the test. */
const SLACK = 1_500;

function expectDelays(told: Told, delays: readonly number[]): void {
  expect(told.delays).toEqual(delays);
  expect(told.attempts).toBe(delays.length + 1);
  for (const [index, delay] of delays.entries()) {
    expect(told.waited[index]).toBeGreaterThanOrEqual(delay - 1);
    expect(told.waited[index]).toBeLessThan(delay + SLACK);
  }
}

describe('named retry policies', () => {
  it('RETRY-7 RETRY-11 RETRY-12 wait exactly as long as they say, as often as they say', async () => {
    const told = await tryAll(temporal, {
      runnerDefault: { retry: retries.runnerDefault, body: away },
      document: { retry: retries.document, body: away },
      invoice: { retry: retries.invoice, body: away },
      email: { retry: retries.email, body: away },
      once: { retry: retries.once, body: away },
      criticalAlert: { retry: retries.criticalAlert, body: away },
      paymentReminder: { retry: retries.paymentReminder, body: away },
      monthlyReport: { retry: retries.monthlyReport, body: away },
      communication: { retry: retries.communication, body: away },
      administration: { retry: retries.administration, body: away },
    });
    expectDelays(told.runnerDefault, [180, 180, 180]);
    expectDelays(told.document, [60, 60, 60]);
    expectDelays(told.invoice, [180, 180]);
    expectDelays(told.email, [60, 120, 240, 480, 960]);
    expectDelays(told.once, []);
    expectDelays(told.criticalAlert, [60, 60, 60]);
    expectDelays(told.paymentReminder, [300, 300, 300]);
    expectDelays(told.monthlyReport, [1_800, 1_800]);
    expectDelays(told.communication, [60, 120, 240]);
    expectDelays(told.administration, [60, 120, 240]);
  });

  it('RETRY-8 RETRY-9 RETRY-10 RETRY-18 those of AI, data and billing spread each delay below a growing bound', async () => {
    const { ai, data, billing } = await tryAll(temporal, {
      ai: { retry: retries.ai, body: away },
      data: { retry: retries.data, body: away },
      billing: { retry: retries.billing, body: away },
    });
    expectWithin(ai, [38, 76, 152, 304, 600]);
    expectWithin(data, [10, 20, 40, 80]);
    expectWithin(billing, [4, 8, 16, 32, 64, 128, 256, 512, 1_024, 1_800]);
    // All of 19 random delays in the upper half would be a chance of 1 in 500,000.
    const bounds = [38, 76, 152, 304, 600, 10, 20, 40, 80, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 1_800];
    const delays = [...ai.delays, ...data.delays, ...billing.delays];
    expect(delays.some((delay, index) => delay < (bounds[index] ?? 0) / 2)).toBe(true);
    expect(new Set(delays).size).toBeGreaterThan(1);
  });

  it('RETRY-3 the smart one waits a growing time ±25 %, and never retries what is permanent', async () => {
    const { temporary, unknown, permanent } = await tryAll(temporal, {
      temporary: { retry: retries.smart, body: temporaryError },
      unknown: { retry: retries.smart, body: unforeseen },
      permanent: {
        retry: retries.smart,
        body: () => {
          throw new PermanentError('wrong for good');
        },
      },
    });
    for (const { attempts, delays } of [temporary, unknown]) {
      expect(attempts).toBe(6);
      for (const [index, base] of [60, 120, 240, 480, 960].entries()) {
        expect(delays[index]).toBeGreaterThanOrEqual(base * 0.75);
        expect(delays[index]).toBeLessThanOrEqual(base * 1.25);
      }
      expect(delays).not.toEqual([60, 120, 240, 480, 960]);
    }
    expect(temporary.types).toEqual(new Array(6).fill('TemporaryError'));
    expect(unknown.types[0]).toBe('Unexpected');
    expectDelays(permanent, []);
    expect(permanent.types).toEqual(['PermanentError']);
  });
});

describe('rules for single failures', () => {
  it('RETRY-5 servers, those who are throttled and connections wait differently; what is refused has one attempt', async () => {
    const told = await tryAll(temporal, {
      server: { retry: retries.conditionalHttp, body: failing('BackendFailed') },
      throttled: { retry: retries.conditionalHttp, body: failing('BackendThrottled') },
      asked: { retry: retries.conditionalHttp, body: failing('BackendThrottled', 17_000) },
      network: { retry: retries.conditionalHttp, body: away },
      refused: { retry: retries.conditionalHttp, body: failing('BackendRejected') },
      unknown: { retry: retries.conditionalHttp, body: unforeseen },
    });
    expectDelays(told.server, [120, 120, 120]);
    expectDelays(told.throttled, [300, 300, 300]);
    expectDelays(told.asked, [17, 17, 17]);
    expectDelays(told.network, [1, 2, 4]);
    expectDelays(told.refused, []);
    expectDelays(told.unknown, []);
  });

  it('RETRY-13 only a time-out is tried again', async () => {
    const told = await tryAll(temporal, {
      late: { retry: retries.externalData, body: failing('BackendTimeout') },
      missing: { retry: retries.externalData, body: failing('BackendRejected') },
      away: { retry: retries.externalData, body: away },
    });
    expectDelays(told.late, [60, 60, 60]);
    expectDelays(told.missing, []);
    expectDelays(told.away, []);
  });

  it('RETRY-14 RETRY-15 connections are retried more often than what nobody foresaw', async () => {
    const told = await tryAll(temporal, {
      connection: { retry: retries.robust, body: away },
      unknown: { retry: retries.robust, body: unforeseen },
      second: { retry: retries.robust, body: (attempt) => (attempt === 1 ? unforeseen() : 'done') },
      permanent: { retry: retries.robust, body: failing('InvalidInput') },
      connectionAlone: { retry: retries.connection, body: away },
      unknownOnce: { retry: retries.connection, body: unforeseen },
    });
    expectDelays(told.connection, [180, 180, 180]);
    expectDelays(told.unknown, [60, 60]);
    expect(told.unknown.types).toEqual(['Unexpected', 'Unexpected', 'Unexpected']);
    expectDelays(told.second, [60]);
    expect(told.second.value).toBe('done');
    expectDelays(told.permanent, []);
    expectDelays(told.connectionAlone, [60, 60, 60]);
    expectDelays(told.unknownOnce, []);
  });

  it('ERR-1 ERR-2 RETRY-16 an error names its own delay, and used-up retries turn into a permanent failure', async () => {
    const told = await tryAll(temporal, {
      retryable: {
        retry: retries.safe,
        body: () => {
          throw new RetryableError('not yet');
        },
      },
      late: {
        retry: retries.safe,
        body: () => {
          throw new RetryableError('not yet', { retryAfterMs: 300_000 });
        },
      },
      unknown: { retry: retries.safe, body: unforeseen },
      both: { retry: retries.degradation, body: away },
    });
    expectDelays(told.retryable, [60, 60, 60]);
    expectDelays(told.late, [300, 300, 300]);
    expect(told.late.types.at(-1)).toBe('RetryableError');
    expectDelays(told.unknown, [120, 120, 120]);
    expect(told.unknown.types).toEqual(['Unexpected', 'Unexpected', 'Unexpected', 'PermanentError']);
    expect(told.unknown.message).toContain('Too many retries');
    expectDelays(told.both, [300, 300]);
    expect(told.both.types.at(-1)).toBe('PermanentError');
    expect(failures.PermanentError.class).toBe('permanent');
  });
});

describe('options of Celery', () => {
  it('mean the same on the server: attempts are retries and one, and what is not named is not retried', async () => {
    const retry = retryOfCelery({
      autoretry_for: ['ConnectionError'],
      retry_backoff: 3,
      retry_backoff_max: 10,
      retry_jitter: false,
      max_retries: 4,
    });
    const told = await tryAll(temporal, {
      connection: { retry, body: away },
      other: { retry, body: failing('DatabaseUnavailable') },
    });
    expectDelays(told.connection, [3, 6, 10, 10]);
    expectDelays(told.other, []);
  });
});

function temporaryError(): never {
  throw new TemporaryError('not now');
}

function expectWithin({ attempts, delays }: Told, bounds: readonly number[]): void {
  expect(attempts).toBe(bounds.length + 1);
  for (const [index, bound] of bounds.entries()) {
    expect(delays[index]).toBeGreaterThan(0);
    expect(delays[index]).toBeLessThanOrEqual(bound);
  }
}
