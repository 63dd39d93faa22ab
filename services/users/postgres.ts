import type { Database } from '../database/pool.ts';
import type { NewUser, User, UserFilter, UserStore } from './port.ts';

interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly time_zone: string;
  readonly last_active_at: Date | null;
  readonly wants_digest: boolean;
  readonly wants_reminders: boolean;
}

const COLUMNS = 'id, email, name, time_zone, last_active_at, wants_digest, wants_reminders';

/** Creates the store of users in PostgreSQL. */
export function createUserStore(database: Database): UserStore {
  return {
    put: (users) => put(database, users),
    find: async (id) => {
      const { rows } = await database.query<UserRow>(`select ${COLUMNS} from users where id = $1`, [id]);
      return rows[0] === undefined ? undefined : toUser(rows[0]);
    },
    list: (filter, after, limit) => list(database, filter, after, limit),
  };
}

async function put(database: Database, users: readonly NewUser[]): Promise<void> {
  await database.query(
    `insert into users (${COLUMNS})
     select u->>'id', u->>'email', coalesce(u->>'name', ''), coalesce(u->>'timeZone', 'UTC'),
       (u->>'lastActiveAt')::timestamptz, coalesce((u->>'wantsDigest')::boolean, true),
       coalesce((u->>'wantsReminders')::boolean, true)
     from jsonb_array_elements($1::jsonb) u
     on conflict (id) do update set email = excluded.email, name = excluded.name, time_zone = excluded.time_zone,
       last_active_at = greatest(users.last_active_at, excluded.last_active_at),
       wants_digest = excluded.wants_digest, wants_reminders = excluded.wants_reminders`,
    [JSON.stringify(users)],
  );
}

async function list(database: Database, filter: UserFilter, after: string, limit: number): Promise<readonly User[]> {
  const { rows } = await database.query<UserRow>(
    `select ${COLUMNS} from users
     where id > $1
       and ($2::timestamptz is null or coalesce(last_active_at, created_at) < $2)
       and ($3::boolean is null or wants_digest = $3)
       and ($4::boolean is null or wants_reminders = $4)
     order by id limit $5`,
    [after, filter.inactiveSince ?? null, filter.wantsDigest ?? null, filter.wantsReminders ?? null, limit],
  );
  return rows.map(toUser);
}

function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    timeZone: row.time_zone,
    lastActiveAt: row.last_active_at?.toISOString() ?? null,
    wantsDigest: row.wants_digest,
    wantsReminders: row.wants_reminders,
  };
}
