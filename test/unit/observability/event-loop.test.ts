/** The histogram of event-loop delay counts every block, whoever reads it and whenever. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Registry } from 'prom-client';
import { monitorEventLoop } from '../../../observability/metrics/event-loop.ts';
import { startHealthServer } from '../../../observability/health.ts';

let blocks: number[] = [];
let monitor: { close(): void } | undefined;
afterEach(() => {
  monitor?.close();
  blocks = [];
});

function start(): { readonly metrics: () => Promise<string> } {
  const registry = new Registry();
  monitor = monitorEventLoop({ registry, onBlock: (delayMs) => blocks.push(delayMs) });
  return { metrics: () => registry.metrics() };
}

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Observations of more than `bound` seconds. */
function above(metrics: string, bound: string): number {
  const read = (line: string): number => Number(metrics.split(`${line} `)[1]?.split('\n', 1)[0]);
  const name = 'perennial_event_loop_delay_seconds';
  return read(`${name}_count`) - read(`${name}_bucket{le="${bound}"}`);
}

it('counts a block of which no tick has told yet', async () => {
  const { metrics } = start();
  block(300);
  expect(above(await metrics(), '0.25')).toBe(1);
  expect(blocks).toEqual([expect.closeTo(295, -2)]);
});

it('counts a block once, also for a second reader and after a quiet time', async () => {
  const { metrics } = start();
  await sleep(30);
  block(300);
  await sleep(30);
  await metrics();
  await sleep(30);
  block(300);
  expect([above(await metrics(), '0.25'), above(await metrics(), '0.25')]).toEqual([2, 2]);
  expect(blocks.filter((delayMs) => delayMs > 250)).toHaveLength(2);
});

it('a health server whose figures cannot be read says so, and goes on', async () => {
  const metrics = (): Promise<string> => Promise.reject(new TypeError('no figures'));
  const server = await startHealthServer({ port: 0, checks: {}, metrics });
  const { status } = await fetch(`http://127.0.0.1:${String(server.port)}/metrics`);
  const live = await fetch(`http://127.0.0.1:${String(server.port)}/health/live`);
  await server.close();
  expect([status, live.status]).toEqual([500, 200]);
});

it('is what the health server answers at /metrics', async () => {
  const { metrics } = start();
  const server = await startHealthServer({ port: 0, checks: {}, metrics });
  block(150);
  const response = await fetch(`http://127.0.0.1:${String(server.port)}/metrics`);
  const text = await response.text();
  await server.close();
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(above(text, '0.1')).toBeGreaterThanOrEqual(1);
  expect(text).toMatch(
    /^# HELP perennial_event_loop_delay_seconds .+\n# TYPE perennial_event_loop_delay_seconds histogram\n/,
  );
});
