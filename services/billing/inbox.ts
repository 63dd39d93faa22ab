/** Keeps what the provider tells, in PostgreSQL. Events that come while others are written are written together. */
import type { Database } from '../database/pool.ts';
import type { EventInbox, ReceivedEvent, Sealer } from './port.ts';

/** Most events of one statement. */
const MOST_AT_ONCE = 500;

interface Waiting {
  readonly event: ReceivedEvent;
  readonly resolve: (isNew: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Opens the inbox of a migrated database. */
export function createEventInbox(database: Database, sealer: Pick<Sealer, 'seal'>): EventInbox {
  let waiting: Waiting[] = [];
  let isWriting = false;
  const write = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      // In one order, so that processes which are told the same do not wait for each other.
      const batch = waiting.slice(0, MOST_AT_ONCE).toSorted((a, b) => (a.event.id < b.event.id ? -1 : 1));
      waiting = waiting.slice(MOST_AT_ONCE);
      await insert(database, sealer, batch).then(
        (fresh) => {
          for (const { event, resolve } of batch) resolve(fresh.delete(event.id)); // the same event twice is new once
        },
        (error: unknown) => {
          for (const { reject } of batch) reject(error);
        },
      );
    }
    isWriting = false;
  };
  return {
    keep: (event) =>
      new Promise((resolve, reject) => {
        waiting.push({ event, resolve, reject });
        if (!isWriting) void write();
      }),
  };
}

/** Returns the ids of those that were not known. */
async function insert(
  database: Database,
  sealer: Pick<Sealer, 'seal'>,
  batch: readonly Waiting[],
): Promise<Set<string>> {
  const column = <T>(of: (event: ReceivedEvent) => T): readonly T[] => batch.map(({ event }) => of(event));
  const { rows } = await database.query<{ id: string }>(
    `insert into billing_events (event_id, event_type, object_id, lane, happened_at, livemode, sealed)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::boolean[], $7::bytea[])
     on conflict (event_id) do nothing returning event_id as id`,
    [
      column(({ id }) => id),
      column(({ type }) => type),
      column(({ objectId }) => objectId),
      column(({ id, objectId, customerId }) => customerId ?? objectId ?? id),
      column(({ happenedAt }) => happenedAt.toISOString()),
      column(({ livemode }) => livemode),
      column(({ id, content }) => sealer.seal(content, id)),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}
