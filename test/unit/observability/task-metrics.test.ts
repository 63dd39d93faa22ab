/** Each attempt at a task is counted once, by how it ended, under the names that boards for Celery read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { Registry } from 'prom-client';
import { beforeEach, expect, it } from 'vitest';
import { withAttempt, type ServerAttempt } from '../../../activities/shell/attempt.ts';
import { layered } from '../../../activities/shell/layer.ts';
import { metrics } from '../../../activities/shell/layers/metrics.ts';
import { sampleTasks } from '../../../contracts/samples/tasks.ts';
import { createTaskMetrics } from '../../../observability/metrics/tasks.ts';
import { measureProcess } from '../../../observability/metrics/process.ts';

const WORKER = '4711@machine';
const row = { ...sampleTasks.addOne, retry: { attempts: 3, delayMs: 0, factor: 1, reason: 'A test.' } };

let registry: Registry;
beforeEach(() => {
  registry = new Registry();
});

const attempt = (number: number, queue: string): ServerAttempt => ({
  inline: false,
  attempt: number,
  taskId: 'task',
  workflowId: 'run',
  queue,
  lastHeartbeat: undefined,
  signal: new AbortController().signal,
  heartbeat: () => undefined,
});

/** Makes one attempt at a task with this body. */
async function once(body: () => Promise<unknown>, { number = 1, queue = 'ocr' } = {}): Promise<void> {
  const counts = (made ??= createTaskMetrics(registry, WORKER));
  const run = layered<unknown, unknown>({ ...row, types: [undefined, undefined] }, [metrics(counts)], body);
  await withAttempt(attempt(number, queue), () => run({})).catch(() => undefined);
}
let made: ReturnType<typeof createTaskMetrics> | undefined;
beforeEach(() => {
  made = undefined;
});

/** The value of one line, by its name and labels. */
async function value(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const inside = Object.entries(labels).map(([label, one]) => `${label}="${one}"`);
  const start = inside.length === 0 ? `${name} ` : `${name}{${inside.join(',')}} `;
  const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(start));
  return line === undefined ? undefined : Number(line.slice(start.length));
}

const labels = { task_name: 'samples.addOne', queue: 'ocr' };
const fails = (type: string, nonRetryable: boolean) => () =>
  Promise.reject(ApplicationFailure.create({ type, message: 'no', nonRetryable }));

it('METRIC-1 METRIC-2 an attempt that begins and one that gives a result are counted, a failure is no success', async () => {
  await once(() => Promise.resolve(1));
  await once(fails('CorruptDocument', true));
  expect(await value('celery_task_started_total', labels)).toBe(2);
  expect(await value('celery_task_succeeded_total', labels)).toBe(1);
});

it('METRIC-3 METRIC-4 a last failure counts by its type, every other one as a retry', async () => {
  for (const number of [1, 2, 3]) await once(fails('BackendUnavailable', false), { number });
  await once(fails('CorruptDocument', true));
  await once(() => Promise.reject(new CancelledFailure('revoked')));
  expect(await value('celery_task_failed_total', { ...labels, error_type: 'BackendUnavailable' })).toBe(1);
  expect(await value('celery_task_failed_total', { ...labels, error_type: 'CorruptDocument' })).toBe(1);
  expect(await value('celery_task_retried_total', labels)).toBe(2);
  expect(await value('celery_task_revoked_total', labels)).toBe(1);
  expect(await value('celery_task_started_total', labels)).toBe(5);
});

it('METRIC-5 METRIC-11 the time of each attempt is observed in nine buckets, also of one that fails', async () => {
  await once(() => sleep(120));
  await once(async () => {
    await sleep(120);
    throw ApplicationFailure.nonRetryable('no', 'CorruptDocument');
  });
  const name = 'celery_task_duration_seconds';
  const text = await registry.metrics();
  const bounds = [...text.matchAll(/celery_task_duration_seconds_bucket\{le="([^"]+)"/g)].map(([, bound]) => bound);
  expect(bounds).toEqual(['0.1', '0.5', '1', '5', '10', '30', '60', '300', '600', '+Inf']);
  expect(await value(`${name}_bucket`, { le: '0.1', ...labels })).toBe(0);
  expect(await value(`${name}_bucket`, { le: '5', ...labels })).toBe(2);
  expect(await value(`${name}_sum`, labels)).toBeGreaterThan(0.23);
  for (const status of ['succeeded', 'failed'])
    expect(await value('celery_tasks_total', { queue: 'ocr', status })).toBe(1);
});

it('METRIC-8 an attempt is active while it runs, however it ends', async () => {
  const active = () => value('celery_active_tasks', { worker: WORKER, task_name: 'samples.addOne' });
  let seen: number | undefined;
  const looks = async (): Promise<unknown> => (seen = await active());
  await Promise.all([once(() => sleep(50)), once(looks)]);
  expect(seen).toBe(2);
  await once(fails('CorruptDocument', true));
  expect(await active()).toBe(0);
});

it('a task without a queue is one of the default queue', async () => {
  await once(() => Promise.resolve(1), { queue: '' });
  expect(await value('celery_task_started_total', { ...labels, queue: 'default' })).toBe(1);
});

it('METRIC-9 memory and CPU time of the process are sampled whenever they are read', async () => {
  measureProcess(registry, WORKER);
  const labels = { worker: WORKER };
  expect(await value('celery_worker_memory_bytes', labels)).toBeCloseTo(process.memoryUsage.rss(), -8);
  await value('celery_worker_cpu_percent', labels);
  await sleep(200);
  const idle = await value('celery_worker_cpu_percent', labels);
  const until = performance.now() + 200;
  while (performance.now() < until);
  const busy = await value('celery_worker_cpu_percent', labels);
  expect(busy).toBeGreaterThan((idle ?? 100) + 10);
});
