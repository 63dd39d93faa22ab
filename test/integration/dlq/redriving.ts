/** What tests of the redrive of pipelines share. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { ApplicationFailure } from '@temporalio/common';
import { expect } from 'vitest';
import { createDeadLetterActivities } from '../../../activities/dlq/index.ts';
import type { DeadLetterPorts } from '../../../activities/dlq/ports.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { createRpc } from '../../../client/connection/rpc.ts';
import { pieceOfSteps } from '../../../client/dlq/completed-steps.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { createKeyRing } from '../../../payloads/key-ring.ts';
import { createKeptPieces } from '../../../services/dlq/pieces.ts';
import { silentLog } from '../../support/silent-log.ts';
import { redrivesOf, type TaskWorld } from '../../support/tasks.ts';
import { letterOf } from './world.ts';

/** The store of files that scripts name: they are there unless they are gone. */
export function scriptedFiles(gone: ReadonlySet<string> = new Set()): DeadLetterPorts['blobs'] {
  return {
    openRange: ({ key }) =>
      gone.has(key)
        ? Promise.reject(new PerennialError('BlobCorrupt', 'nothing there'))
        : Promise.resolve(Readable.from([])),
  };
}

/** The real activities. */
export function ofDeadLetters({ database, temporal }: TaskWorld, blobs = scriptedFiles()): Activities {
  const keys = createKeyRing(temporal.endpoint.sealKeys, 'sealKeys');
  const rpc = createRpc(temporal.client, 'test', 10_000, keys);
  const ports: DeadLetterPorts = {
    steps: (run, place) => pieceOfSteps({ rpc, keys, pieces: createKeptPieces(database.db) }, run, place),
    redriveRuns: redrivesOf(temporal.client, database, temporal.endpoint.sealKeys),
    blobs,
  };
  return createDeadLetterActivities(ports, { log: () => silentLog });
}

/** Which activity fails until it is mended. */
export interface Breaking {
  readonly failing: string;
  /** Number of its first call that fails. @defaultValue 1 */
  readonly call?: number | undefined;
  /** Whether it does its work before it fails, as a worker does that dies before it tells. @defaultValue false */
  readonly afterwards?: boolean | undefined;
}

/** Activities that note their calls, and one of which is broken. */
export interface Breakable {
  readonly activities: Activities;
  readonly calls: string[];
  broken: boolean;
}

/** Breaks one of some activities. */
export function breakable(given: Activities, { failing, call = 1, afterwards = false }: Breaking): Breakable {
  let count = 0;
  const activities = Object.entries(given).map(([name, activity]) => [
    name,
    async (...args: Parameters<typeof activity>): Promise<unknown> => {
      state.calls.push(name);
      count += name === failing ? 1 : 0;
      const breaks = name === failing && state.broken && count >= call;
      const result: unknown = breaks && !afterwards ? undefined : await activity(...args);
      if (breaks) throw ApplicationFailure.nonRetryable(`${name} is broken`, 'PathNotAllowed');
      return result;
    },
  ]);
  const state: Breakable = { activities: Object.fromEntries(activities) as Activities, calls: [], broken: true };
  return state;
}

/** Mends what broke, redrives a run and waits for its end; returns what was called, and what the run gave. */
export async function redriven(
  { client, temporal }: TaskWorld,
  broken: Breakable,
  id: string,
  options: { readonly whole?: boolean } = {},
): Promise<{ readonly calls: readonly string[]; readonly result: unknown }> {
  broken.broken = false;
  broken.calls.length = 0;
  await client.dlq.redrive(id, { by: 'ada', ...options });
  const result: unknown = await temporal.client.workflow.getHandle(id).result();
  return { calls: [...broken.calls], result };
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
