/** What tests of the redrive of pipelines share. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { createDeadLetterActivities } from '../../../activities/dlq/index.ts';
import type { DeadLetterPorts } from '../../../activities/dlq/ports.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { keptSteps } from '../../../client/dlq/completed-steps.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { createKeyRing } from '../../../payloads/key-ring.ts';
import { createKeptPieces } from '../../../services/dlq/pieces.ts';
import { silentLog } from '../../support/silent-log.ts';
import { redrivesOf, type TaskWorld } from '../../support/tasks.ts';
import { letterOf } from './world.ts';

/** The real activities; files of scripts are there unless they are gone. */
export function ofDeadLetters({ database, temporal }: TaskWorld, gone: ReadonlySet<string> = new Set()): Activities {
  const keys = createKeyRing(temporal.endpoint.sealKeys, 'sealKeys');
  const ports: DeadLetterPorts = {
    steps: (runId, place) => keptSteps(keys, createKeptPieces(database.db), { runId, place }),
    redriveRuns: redrivesOf(temporal.client, database, temporal.endpoint.sealKeys),
    blobs: {
      openRange: ({ key }) =>
        gone.has(key)
          ? Promise.reject(new PerennialError('BlobCorrupt', 'nothing there'))
          : Promise.resolve(Readable.from([])),
    },
  };
  return createDeadLetterActivities(ports, { log: () => silentLog });
}

/** Runs a pipeline until it has failed. */
export async function failed(world: TaskWorld, workflow: string, args: readonly unknown[]): Promise<string> {
  const { client } = world.temporal;
  const workflowId = `${workflow}-${randomUUID()}`;
  const run = await client.workflow.start(workflow, { workflowId, taskQueue: queues.workflows, args: [...args] });
  await expect(run.result()).rejects.toThrow();
  await letterOf(world, workflowId);
  return workflowId;
}
