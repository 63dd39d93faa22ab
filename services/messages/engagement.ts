/** What became of messages and what users did with them, as figures from PostgreSQL. */
import type { ChannelFigures } from '../../contracts/messages/analytics.schema.ts';
import type { Database } from '../database/pool.ts';
import { bestHour } from './best-hour.ts';
import type { EngagementOfUser, EngagementStore, FiguresQuery } from './port.ts';

/** Opens the figures of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createEngagementStore(database: Database): EngagementStore {
  return {
    figures: (query) => figures(database, query),
    ofUser: (userId, since) => ofUser(database, userId, since),
    note: async ({ eventKey, userId, channel, kind, happenedAt }) => {
      const { rows } = await database.query<{ known: boolean }>(
        `with noted as (
           insert into communication_engagement (event_key, user_id, channel, kind, happened_at)
           select $1, id, $3, $4, coalesce($5::timestamptz, now()) from users where id = $2
           on conflict (event_key) do nothing)
         select exists (select from users where id = $2) as known`,
        [eventKey, userId, channel, kind, happenedAt ?? null],
      );
      return rows[0]?.known === true;
    },
    optimize: (since, after, limit) => optimize(database, since, after, limit),
  };
}

interface FiguresRow {
  readonly channel: ChannelFigures['channel'];
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
  readonly engaged: number;
}

async function figures(
  database: Database,
  { since, userId, messageType }: FiguresQuery,
): Promise<readonly ChannelFigures[]> {
  const { rows } = await database.query<FiguresRow>(
    `select channel, coalesce(sent, 0) as sent, coalesce(delivered, 0) as delivered, coalesce(failed, 0) as failed,
       coalesce(engaged, 0) as engaged
     from (values ('email'), ('sms')) as channels (channel)
     left join (
       select channel, count(*) filter (where status <> 'failed')::integer as sent,
         count(*) filter (where status = 'delivered')::integer as delivered,
         count(*) filter (where status in ('failed', 'undelivered'))::integer as failed
       from communication_metrics
       where created_at >= $1 and ($2::text is null or user_id = $2) and ($3::text is null or message_type = $3)
       group by channel) m using (channel)
     left join (
       select channel, count(*)::integer as engaged from communication_engagement
       where happened_at >= $1 and ($2::text is null or user_id = $2) group by channel) e using (channel)
     order by channel`,
    [since, userId ?? null, messageType ?? null],
  );
  return rows.map((row) => ({
    ...row,
    // Nobody tells whether a mail arrived.
    delivery_rate: row.channel === 'email' ? null : share(row.delivered, row.sent),
    engagement_rate: share(row.engaged, row.sent),
  }));
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.min(1, Math.round((part / whole) * 10_000) / 10_000);
}

interface HoursRow {
  readonly time_zone: string;
  readonly last: Date | null;
  readonly hours: readonly number[] | null;
}

/** Hours of what users did, on their own clocks. */
const HOUR = 'extract(hour from e.happened_at at time zone u.time_zone)::integer';

async function ofUser(database: Database, userId: string, since: Date): Promise<EngagementOfUser | undefined> {
  const { rows } = await database.query<HoursRow>(
    `select u.time_zone, max(e.happened_at) as last, array_agg(${HOUR}) filter (where e.user_id is not null) as hours
     from users u left join communication_engagement e on e.user_id = u.id and e.happened_at >= $2
     where u.id = $1 group by u.id`,
    [userId, since],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const byHour = countHours(row.hours ?? []);
  return { timeZone: row.time_zone, byHour, bestHour: bestHour(byHour), lastEngagedAt: row.last };
}

function countHours(hours: readonly number[]): readonly number[] {
  const counts = new Array<number>(24).fill(0);
  for (const hour of hours) counts[hour] = (counts[hour] ?? 0) + 1;
  return counts;
}

async function optimize(
  database: Database,
  since: Date,
  after: string,
  limit: number,
): ReturnType<EngagementStore['optimize']> {
  const { rows } = await database.query<{ id: string; hours: readonly number[] }>(
    `select u.id, array_agg(${HOUR}) as hours
     from (select distinct user_id from communication_engagement
           where user_id > $2 and happened_at >= $1 order by user_id limit $3) page
     join users u on u.id = page.user_id
     join communication_engagement e on e.user_id = u.id and e.happened_at >= $1
     group by u.id order by u.id`,
    [since, after, limit],
  );
  const found = rows.map(({ id, hours }) => ({ id, hour: bestHour(countHours(hours)) }));
  await database.query(
    `update users set best_hour = found.hour
     from jsonb_to_recordset($1::jsonb) as found (id text, hour smallint)
     where users.id = found.id and users.best_hour is distinct from found.hour`,
    [JSON.stringify(found)],
  );
  return { users: rows.length, known: found.filter(({ hour }) => hour !== null).length, last: rows.at(-1)?.id };
}
