/** Settings of PostgreSQL. */
import { isUrl, number, optional, port } from '../entries.ts';

const isPostgresUrl = (value: string): boolean => isUrl(value, ['postgres:', 'postgresql:']);

export const database = {
  /** URL of the database; `undefined` when the local stack starts a server. */
  url: optional('DATABASE_URL', 'postgres://user:password@host:port/database', isPostgresUrl, {
    doc: 'PostgreSQL database. Unset: the local stack starts a server of its own.',
    secret: true,
  }),
  poolSize: number(
    'DATABASE_POOL_SIZE',
    10,
    { min: 1, max: 1000 },
    { doc: 'Most connections that one process holds.', unit: 'connections' },
    20,
  ),
  /** Extra connections that may be opened beyond `poolSize`. */
  poolOverflow: number(
    'DATABASE_POOL_OVERFLOW',
    0,
    { min: 0, max: 1000 },
    { doc: 'Further connections under load.', unit: 'connections' },
    40,
  ),
  poolRecycleS: number(
    'DATABASE_POOL_RECYCLE_S',
    3_600,
    { min: 1, max: 1_000_000 },
    { doc: 'Age at which a connection is replaced by a new one.', unit: 's' },
  ),
  patienceMs: number(
    'DATABASE_PATIENCE_MS',
    60_000,
    { min: 0, max: 3_600_000 },
    { doc: 'How long a process waits at its start for the database to come up.', unit: 'ms' },
  ),
  /** Port of the local server; 0 for any free port. */
  port: port('POSTGRES_PORT', 0, {
    doc: 'Port of the PostgreSQL server that the local stack starts.',
    defaultText: '0 (any free port)',
  }),
};
