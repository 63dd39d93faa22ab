import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../contracts/catalogue.ts';
import { queues } from '../../contracts/queues/names.ts';
import { call, FIRST } from '../support/canvas/signatures.ts';
import { until } from '../support/scenarios/scenario.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

/** The stack traces of a run that waits for its first activity. */
async function stackOf(workflow: string, args: readonly unknown[]): Promise<string> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let called = false;
  const waits = async (): Promise<never> => {
    called = true;
    await released;
    throw new TypeError('over');
  };
  const activities = Object.fromEntries(catalogue.map(({ name }) => [name, waits]));
  return temporal.withWorkers(activities, async () => {
    const workflowId = `stack-${workflow}`;
    const handle = await temporal.client.workflow.start(workflow, {
      taskQueue: queues.workflows,
      workflowId,
      args: [...args],
    });
    await until(() => called);
    const stack = await handle.query<string>('__stack_trace');
    await handle.terminate();
    release();
    return stack;
  });
}

describe('workflows that share their modules', () => {
  it('tell where they wait when they are written by hand', async () => {
    expect(await stackOf('healthCheck', [])).toContain('health-check.ts');
  });

  it('record nothing for interpreters, whose tree tells what they wait for', async () => {
    expect(await stackOf('runCanvas', [{ canvas: call(FIRST, { n: 1 }) }])).toBe('');
  });
});
