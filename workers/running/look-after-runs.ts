/** What a process that serves workflows does for all runs: it notes those that failed, and wakes those whose breaker was set. */
import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { createRpc } from '../../client/connection/rpc.ts';
import { createKeyRing } from '../../payloads/key-ring.ts';
import { payloadConverter, type PayloadStore } from '../../payloads/converter.ts';
import { createParkedRuns } from '../../services/breakers/parked-runs.ts';
import { type DeadLetterRoot, startDeadLetters } from '../dlq/start.ts';
import type { Fleet } from '../fleets.ts';
import { wakeParkedRuns } from './parked-runs.ts';

/** What {@link lookAfterRuns} needs. */
export interface RunsRoot extends Omit<DeadLetterRoot, 'rpc'> {
  readonly fleet: Pick<Fleet, 'workflows'>;
  readonly connection: NativeConnection;
  readonly blobs: PayloadStore;
  readonly sealKeys: string;
}

const DEADLINE_MS = 10_000;

/** Begins over the connection of the workers; a fleet without workflows leaves it to those that have them. */
export function lookAfterRuns(root: RunsRoot): { close(): Promise<void> } {
  const { fleet, connection, config, database, blobs, sealKeys, logger } = root;
  if (!fleet.workflows) return { close: () => Promise.resolve() };
  const { payloadKeys } = config.sealing;
  const dataConverter = payloadConverter({ side: 'client', blobs, sealKeys, payloadKeys });
  const rpc = createRpc(
    new Client({ connection, namespace: config.temporal.namespace, dataConverter }),
    config.temporal.address ?? 'the server',
    DEADLINE_MS,
    createKeyRing(sealKeys, 'sealKeys'),
  );
  const deadLetters = startDeadLetters({ ...root, rpc });
  const waking = wakeParkedRuns({ rpc, parked: createParkedRuns(database), logger });
  return {
    close: async () => {
      rpc.close();
      await Promise.all([deadLetters.close(), waking.close()]);
    },
  };
}
