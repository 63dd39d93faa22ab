/** Builds the adapters and activities of the schedules domain. */
import { createScheduleActivities } from '../../activities/schedules/index.ts';
import { connectPerennial, type PerennialClient } from '../../client/index.ts';
import { scheduleServer } from '../../client/schedules/server.ts';
import { readCertificates } from '../../config/tls.ts';
import type { Config } from '../../config/types.ts';
import { whenUsed, type WhenUsed } from '../../contracts/values/when-used.ts';
import { createScheduleLedger } from '../../services/schedules/postgres.ts';
import { createUserStore } from '../../services/users/postgres.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the schedules domain with its real adapters. */
export function createSchedulesDomain({ config, database, shell }: DomainContext): Domain {
  const connect = connectOnce(config);
  const ports = {
    ledger: createScheduleLedger(database),
    server: scheduleServer(connect),
    users: createUserStore(database),
  };
  return {
    activities: createScheduleActivities(ports, shell),
    close: async () => {
      await (await connect.ifUsed())?.close();
    },
  };
}

/** Connects with the first call, because most workers never query schedules. */
function connectOnce({ temporal, sealing }: Config): WhenUsed<PerennialClient> {
  return whenUsed(async () => {
    const { tls, apiKey, namespace, address, port } = temporal;
    return connectPerennial({
      address: address ?? `127.0.0.1:${String(port)}`,
      namespace,
      apiKey,
      tls: await readCertificates(tls),
      sealKeys: sealing.keys,
      payloadKeys: sealing.payloadKeys,
      lazy: true,
    });
  });
}
