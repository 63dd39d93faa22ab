/** What is said of tasks that somebody has paused or that are stuck, on the real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobHandle } from '../../../client/connection/handles.ts';
import { createRpc } from '../../../client/connection/rpc.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { eventually, gate, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

describe('a task', () => {
  it('is STARTED for who lists tasks and for who asks for it', async () => {
    const door = gate();
    await world.withWorkers(
      async () => {
        const task = await world.client.task('samples.addOne').call({ data: 1 });
        await eventually(async () => (await task.status()).state === 'STARTED');
        await eventually(async () => (await world.client.tasks.list()).length > 0);
        expect(await world.client.tasks.list()).toMatchObject([{ task_id: task.id, state: 'STARTED' }]);
        door.open();
        expect(await task.result()).toBe(2);
      },
      {
        script: {
          'samples.addOne': async ({ data }, { signal }) => {
            await door.pass(signal);
            return data + 1;
          },
        },
      },
    );
  });

  it('whose activity was paused says so, by whom, and how it goes on; no time in the past', async () => {
    let fails = true;
    await world.withWorkers(
      async () => {
        // Waits for seconds between its attempts: time enough to pause it on a busy machine.
        const task = await world.client.task('operations.analyticsProcessing').call({ data: {} });
        const { workflowService } = world.temporal.client;
        await eventually(async () => (await task.status()).state === 'RETRY');
        const execution = { workflowId: task.id };
        const { namespace } = world.temporal.endpoint;
        const { pendingActivities } = await workflowService.describeWorkflowExecution({ namespace, execution });
        const id = pendingActivities[0]?.activityId ?? '';
        await workflowService.pauseActivity({ namespace, execution, id, identity: 'eve@desk', reason: 'wait' });
        await eventually(async () => (await task.status()).state === 'PENDING');
        const { info } = await task.status();
        expect(info).toMatchObject({
          paused: true,
          paused_by: 'eve@desk',
          remedy: `temporal activity unpause --workflow-id '${task.id}' --activity-id '${id}'`,
        });
        expect(info).not.toHaveProperty('next_attempt_at');
        fails = false;
        await workflowService.unpauseActivity({ namespace, execution, id });
        expect(await task.result()).toEqual({ status: 'processed' });
      },
      {
        script: {
          'operations.analyticsProcessing': () =>
            fails ? Promise.reject(new Error('not yet')) : Promise.resolve({ status: 'processed' }),
        },
      },
    );
  });

  it('whose workflow task fails is stuck, not without a worker, with the way out', async () => {
    // No arguments: a run of a version that nobody has any more looks just so.
    const { workflowId } = await world.temporal.client.workflow.start('noSuchWorkflow', {
      workflowId: 'stuck-task',
      taskQueue: 'perennial.workflows',
      args: [],
    });
    expect(taskWorkflows).not.toHaveProperty('noSuchWorkflow');
    await world.withWorkers(async () => {
      const task = world.client.tasks.get(workflowId);
      await eventually(async () => ((await task.status()).info as { stuck?: string } | null)?.stuck !== undefined);
      const { info } = await task.status();
      expect(info).toMatchObject({ stuck: expect.stringMatching(/workflow task fails, attempt \d/) as string });
      expect(JSON.stringify(info)).toMatch(
        /temporal workflow reset --workflow-id 'stuck-task' --type LastWorkflowTask/,
      );
      const undelivered = {
        name: 'Unavailable',
        message: expect.stringMatching(
          /cancellation of 'stuck-task' is not delivered: .* --type LastWorkflowTask/,
        ) as string,
      };
      await expect(task.revoke()).rejects.toMatchObject(undelivered);
      await expect(world.client.tasks.get(workflowId).revoke({ terminate: true })).rejects.toMatchObject(undelivered);
      await expect(
        jobHandle(createRpc(world.temporal.client, 'here', 5000), workflowId).cancel(),
      ).rejects.toMatchObject(undelivered);
      const batch = world.client.canvas.progress('canvas-stuck');
      await expect(batch).rejects.toMatchObject({ name: 'NotFound' });
    });
  });
});
