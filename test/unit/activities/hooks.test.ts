import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { faultOf, HOOK_LIMIT_MS } from '../../../activities/shell/layers/hooks.ts';
import { shell } from '../../../activities/shell/shell.ts';
import type { TaskHooks } from '../../../activities/shell/task-hooks.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { sampleTasks } from '../../../contracts/samples/tasks.ts';
import { silentLog } from '../../support/silent-log.ts';

const NAMES = ['taskStarted', 'taskSucceeded', 'taskRetried', 'taskFailed', 'taskRevoked'] as const;

const quiet = new DefaultLogger('ERROR', () => undefined);
let environment: MockActivityEnvironment;

/** Runs one attempt at a task with this body and returns the calls of its hooks. */
async function callsOf(body: () => Promise<number>, attempt = 1, broken?: () => void) {
  const calls: { readonly hook: string; readonly event: object }[] = [];
  const hooks = Object.fromEntries(
    NAMES.map((hook) => [
      hook,
      (event: object) => {
        calls.push({ hook, event });
        broken?.();
      },
    ]),
  ) as TaskHooks; // each hook takes an event
  const task = { ...sampleTasks.add, retry: { ...sampleTasks.add.retry, attempts: 3 } };
  const activity = shell(task, { input: z.unknown(), output: z.unknown() } as never, body, {
    log: () => silentLog,
    hooks: [hooks],
  });
  environment = new MockActivityEnvironment({ attempt }, { logger: quiet });
  const result = await environment.run(activity, { a: 1 }).catch((error: unknown) => error);
  return { calls, result };
}

const names = ({ calls }: { readonly calls: readonly { readonly hook: string }[] }): readonly string[] =>
  calls.map(({ hook }) => hook);

describe('hooks around an attempt', () => {
  it('are told of its start and its result', async () => {
    const { calls, result } = await callsOf(() => Promise.resolve(7));
    expect(result).toBe(7);
    expect(calls).toMatchObject([
      { hook: 'taskStarted', event: { task: 'samples.add', attempt: 1, input: { a: 1 } } },
      { hook: 'taskSucceeded', event: { output: 7 } },
    ]);
    expect(Object.keys(calls[1]?.event ?? {})).toContain('durationMs');
  });

  it('are told of the failure that the server receives, and whether another attempt follows', async () => {
    const transient = () => Promise.reject(new Error('away'));
    const first = await callsOf(transient);
    expect(names(first)).toEqual(['taskStarted', 'taskRetried']);
    expect(first.calls[1]?.event).toMatchObject({ error: { type: 'Unexpected' } });
    expect(names(await callsOf(transient, 3))).toEqual(['taskStarted', 'taskFailed']);
    const permanent = () => Promise.reject(new PerennialError('InvalidInput', 'wrong'));
    expect(names(await callsOf(permanent))).toEqual(['taskStarted', 'taskFailed']);
    const cancelled = await callsOf(() => {
      environment.cancel();
      return Promise.reject(new Error('stopped'));
    });
    expect(names(cancelled)).toEqual(['taskStarted', 'taskRevoked']);
  });

  it('change nothing about the task when they throw', async () => {
    const broken = () => {
      throw new Error('secret');
    };
    const { calls, result } = await callsOf(() => Promise.resolve(7), 1, broken);
    expect(result).toBe(7);
    expect(calls).toHaveLength(2);
    expect(await faultOf(() => Promise.reject(new TypeError('secret')))).toBe('failed with TypeError');
  });

  it('are waited for no longer than their limit', async () => {
    vi.useFakeTimers();
    const fault = faultOf(() => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(HOOK_LIMIT_MS);
    expect(await fault).toBe(`did not end within ${HOOK_LIMIT_MS} ms`);
    vi.useRealTimers();
  });
});
