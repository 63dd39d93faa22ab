/** Dead letters of calls of canvases, on a real server and a real database. */
import { describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import { eventually, type Script } from '../../support/tasks.ts';
import { useDeadLetters } from './world.ts';

const shared = useDeadLetters();

describe('the same input in calls of canvases', () => {
  it('DLQ-5 is in quarantine after the third time, alone or in a redrive, with its exact attempts', async () => {
    const script: Script = {
      'samples.addOne': ({ data }) =>
        data === 666
          ? Promise.reject(new PerennialError('BackendUnavailable', 'always so in a canvas'))
          : Promise.resolve(data + 1),
    };
    await shared.world.withWorkers(
      async () => {
        const tasks = [665, 666].map((data) => ({ task: 'samples.addOne', kwargs: { data } }));
        const letters = [];
        for (const id of ['once', 'twice']) {
          const run = await shared.world.client.canvas.runJson({ task: 'celery.group', kwargs: { tasks } }, { id });
          await expect(run.result()).rejects.toThrow();
          await eventually(async () => (await ofRun(run.id)).length === 1);
          letters.push(...(await ofRun(run.id)));
        }
        expect(letters).toMatchObject([
          { quarantined: false, retryCount: 2 },
          { quarantined: false, retryCount: 2 },
        ]);
        const { id } = await shared.world.client.dlq.redrive(letters[1]!.taskId);
        await eventually(async () => (await ofRun(id)).length === 1);
        expect(await ofRun(id)).toMatchObject([{ quarantined: true }]);
      },
      { script },
    );
  });
});

const ofRun = async (id: string) =>
  (await shared.world.client.dlq.list({ workflow: 'runCanvas' }, { limit: 500 })).items.filter(
    ({ workflowId }) => workflowId === id,
  );
