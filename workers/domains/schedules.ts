/** Builds the adapters and activities of the schedules domain. */
import { createScheduleActivities } from '../../activities/schedules/index.ts';
import { connectPerennial, type PerennialClient, Unavailable } from '../../client/index.ts';
import { readCertificates } from '../../config/tls.ts';
import type { Config } from '../../config/types.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { createScheduleLedger } from '../../services/schedules/postgres.ts';
import type { ScheduleServer, WatchedSchedule } from '../../services/schedules/port.ts';
import { createUserStore } from '../../services/users/postgres.ts';
import type { Domain, DomainContext } from './domain.ts';

/** The schedules domain over real adapters. */
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
      await (await connect.ifOpen())?.close();
    },
  };
}

interface Connect {
  (): Promise<PerennialClient>;
  ifOpen(): Promise<PerennialClient | undefined>;
}

/** Opens with the first call: most workers never ask about schedules. */
function connectOnce({ temporal }: Config): Connect {
  let open: Promise<PerennialClient> | undefined;
  const connect = async (): Promise<PerennialClient> => {
    const { tls, apiKey, namespace, address, port } = temporal;
    return connectPerennial({
      address: address ?? `127.0.0.1:${String(port)}`,
      namespace,
      apiKey,
      tls: tls === undefined ? undefined : await readCertificates(tls),
      lazy: true,
    });
  };
  return Object.assign(() => (open ??= connect()), { ifOpen: () => Promise.resolve(open) });
}

/** The schedules of the server, through our client. */
export function scheduleServer(connect: () => Promise<PerennialClient>): ScheduleServer {
  const ask = async <T>(question: (client: PerennialClient) => Promise<T>): Promise<T> => {
    try {
      return await question(await connect());
    } catch (error) {
      if (error instanceof Unavailable) throw new PerennialError('BackendUnavailable', error.message, { cause: error });
      throw error;
    }
  };
  return {
    watch: () => ask(watch),
    runsSince: (time) => ask((client) => client.schedules.runsSince(time)),
    pausesSince: (id, time) => ask((client) => client.schedules.pausesSince(id, time)),
    put: (definition) => ask((client) => client.schedules.put(definition)),
  };
}

async function watch({ schedules }: PerennialClient): Promise<readonly WatchedSchedule[]> {
  return (await schedules.list()).flatMap(({ definition, counts, ...view }) => {
    if (definition === null) return [];
    const { missedCatchup, skippedOverlap, droppedFromBuffer: bufferDropped, waiting } = counts;
    return [{ ...view, definition, counts: { missedCatchup, skippedOverlap, bufferDropped }, waiting }];
  });
}
