/** Layers compose: one of one's own stands beside those of the shell, outside or inside of them. */
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Layer, layered, StopReason } from '../../../activities/shell/layer.ts';
import { layersOf } from '../../../activities/shell/shell.ts';
import type { TaskBody } from '../../../activities/shell/task-body.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { taskRow } from '../../../contracts/tasks/definition.ts';
import { fourTimes180s, standardLimits } from '../../../contracts/tasks/policies.ts';
import { quietRuntime } from '../../support/temporal.ts';
import { silentLog } from '../../support/silent-log.ts';

beforeAll(quietRuntime);

const schemas = { input: z.number(), output: z.number() };
const task = taskRow<number, number>()({
  name: 'test.double',
  queue: queues.documentsDefault,
  purpose: 'For this test.',
  retry: fourTimes180s,
  limits: standardLimits,
});

const log = () => silentLog;
const double: TaskBody<number, number> = (n) => Promise.resolve(n * 2);
const shellLayers = layersOf(schemas, { log });

function run(layers: readonly Layer[], body: TaskBody<number, number> = double, input: unknown = 4): Promise<unknown> {
  return new MockActivityEnvironment().run(layered(task, layers, body), input);
}

describe('layers', () => {
  it('are entered from the first to the last and left in the opposite order', async () => {
    const steps: string[] = [];
    const noting =
      (name: string): Layer =>
      async (call, next) => {
        steps.push(`${name} before ${call.task.name}`);
        const output = await next(call);
        steps.push(`${name} after`);
        return output;
      };
    await expect(run([noting('outer'), noting('inner'), ...shellLayers])).resolves.toBe(8);
    expect(steps).toEqual(['outer before test.double', 'inner before test.double', 'inner after', 'outer after']);
  });

  it('a value that is still sealed fails with its place and its key, whatever the schema would take', async () => {
    const body = vi.fn(double);
    const failing = run(shellLayers, body, { list: [{ token: 'sealed:2019:AAAA' }] });
    await expect(failing).rejects.toMatchObject({ type: 'SealedValueUnreadable', nonRetryable: true });
    await expect(failing).rejects.toThrow('input.list.0.token: expected a value sealed with a key of this worker');
    expect(body).not.toHaveBeenCalled();
  });

  it('outside of the shell see the failure that the server is told', async () => {
    const seen: unknown[] = [];
    const deadLetters: Layer = async (call, next) => {
      try {
        return await next(call);
      } catch (error) {
        seen.push(error);
        throw error;
      }
    };
    await expect(run([deadLetters, ...shellLayers], double, 'four')).rejects.toThrow();
    expect(seen).toMatchObject([{ type: 'InvalidInput', nonRetryable: true }]);
  });

  it('inside of the classification may refuse the call: its body is not reached', async () => {
    let reached = 0;
    const openBreaker: Layer = () => Promise.reject(new PerennialError('BackendUnavailable', 'open'));
    const [outermost, classification, ...inner] = shellLayers;
    const layers = [outermost!, classification!, openBreaker, ...inner];
    const body: TaskBody<number, number> = (n) => Promise.resolve((reached = n));
    await expect(run(layers, body)).rejects.toMatchObject({ type: 'BackendUnavailable' });
    expect(reached).toBe(0);
  });

  it('may hand on a changed call', async () => {
    const plusOne: Layer = (call, next) => next({ ...call, input: (call.input as number) + 1 });
    await expect(run([plusOne, ...shellLayers])).resolves.toBe(10);
  });

  it('may stop an attempt for a reason that becomes its failure', async () => {
    const impatient: Layer = (call, next) => {
      setImmediate(() => call.stop.abort(new StopReason('DatabaseUnavailable', 'the pool is closing')));
      return next(call);
    };
    const waiting: TaskBody<number, number> = (_n, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new CancelledFailure('stopped'))));
    await expect(run([...shellLayers, impatient], waiting)).rejects.toMatchObject({
      type: 'DatabaseUnavailable',
      message: 'the pool is closing',
    });
  });
});
