/** A server, a database, and a keeper of dead letters as a worker has one, for tests of dead letters. */
import { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createRpc } from '../../../client/connection/rpc.ts';
import type { DeadLetter } from '../../../contracts/dlq/schema.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { payloadConverter } from '../../../payloads/converter.ts';
import { createKeyRing } from '../../../payloads/key-ring.ts';
import { createDeadLetterRecorder } from '../../../services/dlq/recorder.ts';
import { type DeadLetterNotice, keepDeadLetters } from '../../../workers/dlq/keeping.ts';
import { silentLogger } from '../../support/silent-log.ts';
import { eventually, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

/** A notice that was given. */
export interface Told {
  readonly kind: string;
  readonly letter: DeadLetter;
}

/** Keeps dead letters with two notices, which note in `told` that they were given and then do what `work` does. */
export function keep(
  { temporal, database }: TaskWorld,
  told: Told[] = [],
  work: () => Promise<void> = () => Promise.resolve(),
): { close(): Promise<void> } {
  const notice = (kind: string): DeadLetterNotice => ({
    kind,
    give: (letter) => {
      told.push({ kind, letter });
      return work();
    },
  });
  const { connection } = temporal.client;
  const { namespace, sealKeys } = temporal.endpoint;
  const dataConverter = payloadConverter({ side: 'client', sealKeys });
  const client = new Client({ connection, namespace, dataConverter });
  const rpc = createRpc(client, 'test', 10_000, createKeyRing(sealKeys, 'sealKeys'));
  return keepDeadLetters({
    rpc,
    recorder: createDeadLetterRecorder(database.db),
    version: 'build-1',
    notices: [notice('mail'), notice('hook')],
    logger: silentLogger,
  });
}

/** What the tests of one file share; a keeper works during each of them. */
export interface DeadLetterWorld {
  readonly world: TaskWorld;
  /** Notices that were given in this test. */
  told: Told[];
  keeping: { close(): Promise<void> };
}

/** Starts the world of one test file, and a keeper for each of its tests. */
export function useDeadLetters(): DeadLetterWorld {
  const shared = {} as { -readonly [K in keyof DeadLetterWorld]: DeadLetterWorld[K] }; // filled before the first test
  beforeAll(async () => {
    shared.world = await startTaskWorld();
  });
  afterAll(() => shared.world.stop());
  beforeEach(() => {
    shared.told = [];
    shared.keeping = keep(shared.world, shared.told);
  });
  afterEach(() => shared.keeping.close());
  return shared;
}

/** Waits until a task has an open letter. */
export async function letterOf({ client }: TaskWorld, id: string): Promise<DeadLetter> {
  await eventually(async () => (await client.dlq.get(id).catch(() => undefined))?.resolved === false);
  return client.dlq.get(id);
}

/** A task that fails until it is mended, and what it was called with. */
export function brokenTask(message = 'gone'): { readonly script: Script; mend(): void; readonly calls: unknown[] } {
  let broken = true;
  const calls: unknown[] = [];
  return {
    calls,
    mend: () => void (broken = false),
    script: {
      'samples.addOne': ({ data }) => {
        calls.push(data);
        return broken ? Promise.reject(new PerennialError('FileMissing', message)) : Promise.resolve(data + 1);
      },
    },
  };
}

/** Calls the task, which fails, and waits for its letter. */
export async function fail(world: TaskWorld, id: string, data: number): Promise<DeadLetter> {
  const run = await world.client.task('samples.addOne').call({ data }, { id });
  await run.result().catch(() => undefined);
  return letterOf(world, id);
}
