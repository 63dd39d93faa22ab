/** The example tasks of retries on a real server, with real services that fail as the tests want. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOperationsActivities } from '../../../activities/operations/index.ts';
import type { TaskHooks } from '../../../activities/shell/task-hooks.ts';
import { PermanentError, TemporaryError } from '../../../contracts/failures/task-errors.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { createDownloader } from '../../../services/imports/download/download.ts';
import type { DataProcessor } from '../../../services/operations/port.ts';
import { countingProcessor } from '../../../services/operations/processor.ts';
import { openScratch } from '../../../services/operations/scratch.ts';
import { type Noted, noteFailure, SCALE, type Told, toldOf } from '../../support/retries/attempts.ts';
import { silentLog } from '../../support/silent-log.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';

let temporal: TestTemporal;
let server: Server;
let base: string;
const answers: Record<string, (response: ServerResponse) => unknown> = {
  '/good': (response) => response.end('{"rate":2}'),
  '/500': (response) => response.writeHead(500).end(),
  '/504': (response) => response.writeHead(504).end(),
  '/404': (response) => response.writeHead(404).end(),
  '/429': (response) => response.writeHead(429).end(),
  '/429-asked': (response) => response.writeHead(429, { 'retry-after': '17' }).end(),
  '/text': (response) => response.end('no JSON'),
};
beforeAll(async () => {
  temporal = await startTestTemporal();
  server = createServer((request, response) => answers[request.url ?? '']?.(response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await temporal.stop();
});

/** Errors by the name in the data of a call, thrown in every attempt. */
const ERRORS: Readonly<Record<string, () => Error>> = {
  temporary: () => new TemporaryError('not now'),
  permanent: () => new PermanentError('wrong'),
  connection: () => Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
  late: () => Object.assign(new Error('late'), { name: 'TimeoutError' }),
  value: () => Object.assign(new Error('no number'), { name: 'ValueError' }),
  odd: () => new RangeError('odd'),
};

const processor: DataProcessor = {
  process: (data) => {
    const error = ERRORS[String(data['fails'])];
    return error === undefined ? countingProcessor.process(data) : Promise.reject(error());
  },
};

type Calls = Readonly<Record<string, readonly [task: string, input: object]>>;

/** Calls tasks side by side and returns what became of each, by the same names. */
async function call<C extends Calls>(calls: C): Promise<{ readonly [K in keyof C]: Told }> {
  const notes = new Map<string, Noted>();
  const note: TaskHooks['taskRetried'] = ({ workflowId, error }) => noteFailure(notes.get(workflowId) as Noted, error);
  const activities = createOperationsActivities(
    {
      effects: { once: () => Promise.resolve(true) },
      counters: { add: () => Promise.resolve(1) },
      openScratch,
      downloader: createDownloader({ allowPrivate: true, allowedHosts: [], maxRedirects: 3, silenceMs: 5_000 }),
      processor,
      warn: () => undefined,
    },
    { log: () => silentLog, retryDelayScale: SCALE, hooks: [{ taskRetried: note, taskFailed: note }] },
  );
  const run = async (task: string, input: object): Promise<Told> => {
    const workflowId = `retried-${randomUUID()}`;
    const noted: Noted = { delays: [], scheduled: [], types: [] };
    notes.set(workflowId, noted);
    const options = { workflowId, taskQueue: queues.workflows, args: [`operations.${task}`, input] };
    return toldOf(await temporal.client.workflow.start(taskWorkflows.runTask, options), noted);
  };
  const told = await temporal.withWorkers(activities, () =>
    Promise.all(Object.entries(calls).map(async ([name, [task, input]]) => [name, await run(task, input)] as const)),
  );
  return Object.fromEntries(told) as { readonly [K in keyof C]: Told }; // `fromEntries` loses the names
}

const fails = (how: string) => ({ data: { fails: how } });

describe('example tasks of retries', () => {
  it('RETRY-4 ERR-6 process_with_retry: growing delays ±25 %, one attempt for what is permanent', async () => {
    const told = await call({
      good: ['processWithRetry', { data: { a: 1, b: 2 } }],
      temporary: ['processWithRetry', fails('temporary')],
      permanent: ['processWithRetry', fails('permanent')],
      unknown: ['processWithRetry', fails('odd')],
    });
    expect(told.good.value).toEqual({ status: 'processed', fields: 2 });
    for (const { attempts, delays } of [told.temporary, told.unknown]) {
      expect(attempts).toBe(6);
      for (const [index, base] of [60, 120, 240, 480, 960].entries()) {
        expect(delays[index]).toBeGreaterThanOrEqual(base * 0.75);
        expect(delays[index]).toBeLessThanOrEqual(base * 1.25);
      }
    }
    expect(told.permanent).toMatchObject({ attempts: 1, types: ['PermanentError'], message: 'wrong' });
  });

  it('RETRY-5 RETRY-13 conditional_retry and fetch_external_data: what a service answers decides', async () => {
    const ask = (path: string) => ['conditionalRetry', { api_url: base + path }] as const;
    const fetched = (path: string) => ['fetchExternalData', { url: base + path }] as const;
    const told = await call({
      good: ask('/good'),
      server: ask('/500'),
      throttled: ask('/429'),
      asked: ask('/429-asked'),
      missing: ask('/404'),
      text: ask('/text'),
      network: ['conditionalRetry', { api_url: 'http://127.0.0.1:1/' }],
      fetched: fetched('/good'),
      late: fetched('/504'),
      gone: fetched('/404'),
      broken: fetched('/500'),
    });
    expect(told.good.value).toEqual({ rate: 2 });
    expect(told.fetched.value).toEqual({ rate: 2 });
    const delays = Object.fromEntries(Object.entries(told).map(([name, one]) => [name, one.delays]));
    expect(delays).toMatchObject({
      server: [120, 120, 120],
      throttled: [300, 300, 300],
      asked: [17, 17, 17],
      missing: [],
      text: [],
      network: [1, 2, 4],
      late: [60, 60, 60],
      gone: [],
      broken: [],
    });
    for (const name of ['server', 'throttled', 'asked', 'network', 'late'] as const)
      expect(told[name].attempts).toBe(4);
    for (const name of ['missing', 'text', 'gone', 'broken'] as const) expect(told[name].attempts).toBe(1);
  });

  it('ERR-2 ERR-7 safe_process: each error says what it means, and the unforeseen ends for good', async () => {
    const told = await call({
      network: ['safeProcess', fails('connection')],
      late: ['safeProcess', fails('late')],
      value: ['safeProcess', fails('value')],
      unknown: ['safeProcess', fails('odd')],
    });
    expect(told.network).toMatchObject({ attempts: 4, delays: [60, 60, 60], message: 'Network error: Error: reset' });
    expect(told.network.types.at(-1)).toBe('TemporaryError');
    expect(told.late).toMatchObject({ attempts: 4, delays: [300, 300, 300], message: 'Timeout: TimeoutError: late' });
    expect(told.value).toMatchObject({ attempts: 1, types: ['PermanentError'] });
    expect(told.value.message).toBe('Invalid data: ValueError: no number');
    expect(told.unknown).toMatchObject({ attempts: 4, delays: [120, 120, 120] });
    expect(told.unknown.types.at(-1)).toBe('PermanentError');
    expect(told.unknown.message).toBe('Too many retries: RangeError: odd');
  });

  it('RETRY-16 graceful_degradation: the fallback answers, its source is told, and both failing is final after 300 s twice', async () => {
    const ask = (primary: string, fallback: string) =>
      ['gracefulDegradation', { primary_service: base + primary, fallback_service: base + fallback }] as const;
    const told = await call({ first: ask('/good', '/404'), second: ask('/404', '/good'), both: ask('/500', '/404') });
    expect(told.first.value).toEqual({ source: 'primary', result: { rate: 2 } });
    expect(told.second.value).toEqual({ source: 'fallback', result: { rate: 2 } });
    expect(told.both).toMatchObject({ attempts: 3, delays: [300, 300] });
    expect(told.both.types.at(-1)).toBe('PermanentError');
    expect(told.both.message).toMatch(/Both primary and fallback failed: .*HTTP 500.*; .*HTTP 404/);
  });

  it('RETRY-14 RETRY-15 both robust_task: connections often, the unforeseen less or never, values never', async () => {
    const told = await call({
      connection: ['robustTask', fails('connection')],
      late: ['robustTask', fails('late')],
      value: ['robustTask', fails('value')],
      unknown: ['robustTask', fails('odd')],
      connectionAlone: ['robustConnectionTask', fails('connection')],
      valueOnce: ['robustConnectionTask', fails('value')],
      unknownOnce: ['robustConnectionTask', fails('odd')],
    });
    expect(Object.values(told).map(({ delays }) => delays)).toEqual([
      ...[[180, 180, 180], [180, 180, 180], [], [60, 60]],
      ...[[60, 60, 60], [], []],
    ]);
    expect(Object.values(told).map(({ attempts }) => attempts)).toEqual([4, 4, 1, 3, 4, 1, 1]);
  });
});
