/** Builds the adapters and activities of dead letters. */
import { Client, Connection } from '@temporalio/client';
import { createDeadLetterActivities } from '../../activities/dlq/index.ts';
import { createRpc, type Rpc } from '../../client/connection/rpc.ts';
import { pieceOfSteps } from '../../client/dlq/completed-steps.ts';
import { redriveRuns } from '../../client/dlq/redrive-runs.ts';
import { createGate } from '../../client/queues/gate.ts';
import { exitWithout } from '../../config/load.ts';
import { configTable } from '../../config/table.ts';
import { readCertificates } from '../../config/tls.ts';
import type { Config } from '../../config/types.ts';
import { whenUsed, type WhenUsed } from '../../contracts/values/when-used.ts';
import { payloadConverter } from '../../payloads/converter.ts';
import { createKeyRing } from '../../payloads/key-ring.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createKeptPieces } from '../../services/dlq/pieces.ts';
import { createDeadLetterRecords } from '../../services/dlq/records.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the activities of dead letters with their real adapters. */
export function createDeadLetterDomain({ config, database, shell }: DomainContext): Domain {
  const sealKeys = config.sealing.keys ?? exitWithout(configTable.sealing.keys);
  const keys = createKeyRing(sealKeys, 'SEAL_KEYS');
  const pieces = createKeptPieces(database);
  const records = createDeadLetterRecords(database);
  const connect = connectOnce(config, sealKeys);
  return {
    activities: createDeadLetterActivities(
      {
        blobs: createBlobStore(config.blobs.url),
        steps: async (run, place) => pieceOfSteps({ rpc: await connect(), keys, pieces }, run, place),
        redriveRuns: async (input, signal) => {
          const rpc = await connect();
          return redriveRuns({ rpc, gate: createGate(rpc) }, records, input, signal);
        },
      },
      shell,
    ),
    close: async () => {
      const rpc = await connect.ifUsed();
      rpc?.close();
      await rpc?.client.connection.close();
    },
  };
}

const DEADLINE_MS = 10_000;

/** Connects with the first redrive, because most workers never do one. */
function connectOnce({ temporal, sealing, blobs }: Config, sealKeys: string): WhenUsed<Rpc> {
  return whenUsed(async () => {
    const { tls, apiKey, namespace, port, address = `127.0.0.1:${String(port)}` } = temporal;
    const certificates = await readCertificates(tls);
    const connection = Connection.lazy({
      address,
      ...(certificates === undefined ? {} : { tls: certificates }),
      ...(apiKey === undefined ? {} : { apiKey }),
    });
    const { payloadKeys } = sealing;
    const dataConverter = payloadConverter({
      ...{ side: 'client', sealKeys, payloadKeys },
      blobs: createBlobStore(blobs.url),
    });
    const client = new Client({ connection, namespace, dataConverter });
    return createRpc(client, address, DEADLINE_MS, createKeyRing(sealKeys, 'SEAL_KEYS'));
  });
}
