/** Errors that are not ours on the real server: each gets its own treatment, and none harms history or worker. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApplicationFailure } from '@temporalio/common';
import { smartRetry } from '../../../contracts/tasks/policies.ts';
import type { RetryRule } from '../../../contracts/tasks/retry-rules.ts';
import { tryAll } from '../../support/retries/attempts.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';

let temporal: TestTemporal;
let database: TestDatabase;
let server: Server;
let answer: (response: ServerResponse) => void = (response) => response.end();
beforeAll(async () => {
  temporal = await startTestTemporal();
  database = await testDatabase();
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await database.drop();
  await temporal.stop();
});

const twice: RetryRule = { attempts: 2, delayMs: 40_000, reason: 'For this test.' };
const failing = (error: unknown) => ({
  retry: twice,
  body: (): never => {
    throw error;
  },
});

/** What a careful author writes around `fetch`. */
async function get(): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { response });
  return response.text();
}

describe('errors of others', () => {
  it('P3-27 a service that throttles is asked again when it says, in seconds or by a date', async () => {
    answer = (response) => response.writeHead(429, { 'retry-after': '90' }).end();
    const { seconds } = await tryAll(temporal, { seconds: { retry: twice, body: get } });
    expect(seconds).toMatchObject({ attempts: 2, delays: [90], types: ['BackendThrottled', 'BackendThrottled'] });
    expect(seconds.waited[0]).toBeGreaterThanOrEqual(89);
    answer = (response) => {
      response.writeHead(429, { 'retry-after': new Date(Date.now() + 200_000).toUTCString() }).end();
    };
    const { date } = await tryAll(temporal, { date: { retry: twice, body: get } });
    expect(date.delays[0]).toBeGreaterThan(190);
    expect(date.delays[0]).toBeLessThanOrEqual(200);
    for (const wrong of ['-7', 'soon', '2027-01-01']) {
      answer = (response) => response.writeHead(429, { 'retry-after': wrong }).end();
      expect((await tryAll(temporal, { wrong: { retry: twice, body: get } })).wrong.delays).toEqual([40]);
    }
    answer = (response) => response.writeHead(429, { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }).end();
    const once: RetryRule = { ...twice, attempts: 1 };
    expect((await tryAll(temporal, { far: { retry: once, body: get } })).far.types).toEqual(['BackendThrottled']);
  });

  it('ERR-2 what is refused has one attempt, and what is away or not foreseen is tried again', async () => {
    const told = await tryAll(temporal, {
      refused: failing(Object.assign(new Error('no'), { status: 404 })),
      full: failing(Object.assign(new Error('no'), { code: 'ENOSPC' })),
      rights: failing(Object.assign(new Error('no'), { code: 'EACCES' })),
      memory: failing(Object.assign(new Error('no'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })),
      value: { retry: twice, body: () => database.db.query('select $1::integer', ['secret words']) },
      divided: { retry: twice, body: () => database.db.query('select 1 / 0') },
      odd: failing(new RangeError('odd')),
    });
    const found = Object.entries(told).map(([name, { attempts, types }]) => [name, attempts, types.at(-1)]);
    expect(found).toEqual([
      ['refused', 1, 'BackendRejected'],
      ['full', 2, 'StorageFull'],
      ['rights', 1, 'SystemRefused'],
      ['memory', 1, 'OutOfMemory'],
      ['value', 1, 'DatabaseRejected'],
      ['divided', 1, 'DatabaseRejected'],
      ['odd', 2, 'Unexpected'],
    ]);
  });

  it('ERR-7 what is no error at all ends as a bounded failure that says so', async () => {
    const cycle: Error = new Error('round and round');
    cycle.cause = cycle;
    const hostile: unknown = new Proxy(new Error('x'), {
      get: () => {
        throw new TypeError('no');
      },
      getPrototypeOf: () => {
        throw new TypeError('no');
      },
    });
    const own = ApplicationFailure.create({
      type: 'CorruptDocument',
      message: 'y'.repeat(3_000_000),
      nonRetryable: true,
    });
    Object.assign(own, { cause: cycle });
    const told = await tryAll(temporal, {
      text: failing('text'),
      nothing: failing(null),
      cycle: failing(cycle),
      hostile: failing(hostile),
      huge: failing(new Error('word '.repeat(2_000_000))),
      own: failing(own),
      smart: { retry: { ...smartRetry, attempts: 1 }, body: failing(undefined).body },
    });
    expect(Object.values(told).map(({ attempts }) => attempts)).toEqual([2, 2, 2, 2, 2, 1, 1]);
    expect(told.text.message).toBe('text');
    expect(told.nothing.message).toBe('expected an error, got null');
    expect(told.cycle.message).toBe('Error: round and round');
    expect(told.huge.message).toContain('(10000000 characters)');
    expect(told.own.types).toEqual(['CorruptDocument']);
    for (const { message } of Object.values(told)) expect(String(message).length).toBeLessThan(10_100);
  });
});
