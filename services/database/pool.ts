/**
 * The only access to PostgreSQL. Calls wait through a restart of the server and try again until `patienceMs` is over.
 */
import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { PerennialError } from '../../contracts/failures.ts';
import { databaseErrorKind, describeDatabaseError, toPerennialError } from './errors.ts';
import { withPatience } from './patience.ts';
import { storableParameter } from './text.ts';

/** The part of a logger that the database uses; pino's logger satisfies it. */
export interface DatabaseLogger {
  warn(fields: object, message: string): void;
}

/** Settings of {@link createDatabase}. */
export interface DatabaseOptions {
  readonly url: string;
  /**
   * Number of connections.
   * @defaultValue 10
   */
  readonly poolSize?: number;
  /**
   * Additional connections under load.
   * @defaultValue 0
   */
  readonly poolOverflow?: number;
  /**
   * Age in seconds at which a connection is replaced; 0 for never.
   * @defaultValue 0
   */
  readonly poolRecycleS?: number;
  /**
   * Time that calls wait for a server that is away, in milliseconds.
   * @defaultValue 60 000
   */
  readonly patienceMs?: number;
  readonly logger?: DatabaseLogger;
}

/** Settings of one call. */
export interface CallOptions {
  /** Ends the waiting for a server that is away; a running statement is not interrupted. */
  readonly signal?: AbortSignal;
  /**
   * Longest time of one statement, in milliseconds.
   * @defaultValue 120 000
   */
  readonly timeoutMs?: number;
}

/** The rows of a statement, and the number of rows it returned or changed. */
export interface QueryRows<Row> {
  readonly rows: readonly Row[];
  readonly rowCount: number;
}

/** Runs statements: the database, or one transaction. */
export interface Queryable {
  query<Row extends object>(text: string, values?: readonly unknown[], options?: CallOptions): Promise<QueryRows<Row>>;
}

/** One transaction. */
export interface Transaction extends Queryable {
  /**
   * Runs a `COPY … FROM STDIN` statement with data in its text format and returns the number of rows. The caller makes
   * the values storable.
   */
  copyIn(text: string, content: Uint8Array): Promise<number>;
}

/** A PostgreSQL database. */
export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction: all of it is stored, or nothing. After a lost connection or a deadlock the whole
   * transaction runs again, possibly after it was already stored: **`work` must be idempotent**.
   * @throws PerennialError `DatabaseUnavailable`, `StorageFull`, `Unexpected`, and whatever `work` throws
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, options?: CallOptions): Promise<T>;
  /**
   * Checks once, without waiting, that the server answers and can store something.
   * @throws PerennialError `DatabaseUnavailable`, `StorageFull`
   */
  check(): Promise<void>;
  /** Closes all connections and ends the waiting of running calls. */
  close(): Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 10_000;
const CONTROL_TIMEOUT_MS = 60_000;

/**
 * Allocates new pages and ends with a write to the log, because a server without disk space still answers queries but
 * can do neither.
 */
const STORE_SOMETHING = `create temporary table perennial_check on commit drop as
  select n, md5(n::text) from generate_series(1, 512) as n`;

/** Creates a pool of connections. Nothing is connected before the first call. */
export function createDatabase(options: DatabaseOptions): Database {
  const server = serverName(options.url);
  const { logger, patienceMs = 60_000 } = options;
  const pool = createPool(options, server);
  const closing = new AbortController();
  // Every waiting call listens to this signal until its wait ends, so there may be many listeners.
  setMaxListeners(0, closing.signal);
  let closed: Promise<void> | undefined;

  const run = <T>(work: (client: pg.PoolClient) => Promise<T>, call: CallOptions | undefined): Promise<T> =>
    withPatience(() => withClient(pool, work), {
      patienceMs,
      signal: call?.signal === undefined ? closing.signal : AbortSignal.any([call.signal, closing.signal]),
      isPassing: (error) => ['connection', 'conflict'].includes(databaseErrorKind(error)),
      give: (error, waitedMs) => toPerennialError(error, server, waitedMs),
      onRetry: (error, attempt) =>
        logger?.warn({ server, attempt, error: describeDatabaseError(error) }, 'PostgreSQL is away; trying again'),
    });

  return {
    query: (text, values, call) => run((client) => queryOn(client, call?.timeoutMs).query(text, values), call),
    transaction: (work, call) =>
      run((client) => inTransaction(client, (inner) => work(transactionOn(inner, call?.timeoutMs))), call),
    check: async () => {
      try {
        await withClient(pool, (client) => control(client, STORE_SOMETHING));
      } catch (error) {
        throw toPerennialError(error, server, 0);
      }
    },
    close: () => {
      closing.abort(
        new PerennialError(
          'DatabaseUnavailable',
          `Expected an open database, but the connection to ${server} was closed.`,
        ),
      );
      return (closed ??= pool.end());
    },
  };
}

/** Returns host, port and name for messages, never the user or the password. */
function serverName(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    if (protocol === 'postgres:' || protocol === 'postgresql:') return `${host}${decodeURIComponent(pathname)}`;
  } catch {
    // The error of `new URL` quotes the whole URL, password included, so it is dropped.
  }
  throw new PerennialError(
    'DatabaseUnavailable',
    'Expected DATABASE_URL as postgresql://user:password@host:port/name, got another form.',
  );
}

// pg-pool awaits the promise, but its types declare no return value, so this returns `unknown`.
const useUtc = (client: pg.ClientBase): unknown => control(client, "set time zone 'UTC'");

function createPool(options: DatabaseOptions, server: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: (options.poolSize ?? 10) + (options.poolOverflow ?? 0),
    maxLifetimeSeconds: options.poolRecycleS ?? 0,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'perennial',
    // Timestamps are read and written in UTC. A statement sets it, because pgbouncer refuses a start-up option.
    onConnect: useUtc,
  });
  const note = (error: unknown): void => {
    options.logger?.warn({ server, error: describeDatabaseError(error) }, 'A connection to PostgreSQL ended');
  };
  pool.on('error', note);
  // pg-pool removes its own listener while a client is in use; without another one, a connection lost between two
  // statements of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', note));
  return pool;
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    broken = ['connection', 'full'].includes(databaseErrorKind(error)) || error instanceof RollbackFailed;
    throw error instanceof RollbackFailed ? error.cause : error;
  } finally {
    client.release(broken);
  }
}

/** The connection still holds a transaction and must not be used again. */
class RollbackFailed extends Error {}

async function inTransaction<T>(client: pg.PoolClient, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  try {
    await control(client, 'begin');
    const result = await work(client);
    await control(client, 'commit');
    return result;
  } catch (error) {
    // Without a connection there is nothing to roll back, and a hanging one would hang again here.
    if (databaseErrorKind(error) === 'connection') throw error;
    await control(client, 'rollback').catch(() => {
      throw new RollbackFailed('rollback failed', { cause: error });
    });
    throw error;
  }
}

/** Runs a statement that is quick unless the server hangs. */
async function control(client: pg.ClientBase, text: string): Promise<void> {
  const config: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: CONTROL_TIMEOUT_MS };
  await client.query(config);
}

function transactionOn(client: pg.PoolClient, timeoutMs: number | undefined): Transaction {
  return {
    ...queryOn(client, timeoutMs),
    copyIn: async (text, content) => {
      const copy = client.query(copyFrom(text));
      await pipeline(Readable.from([content], { objectMode: false }), copy);
      return copy.rowCount;
    },
  };
}

function queryOn(client: pg.PoolClient, defaultTimeoutMs = STATEMENT_TIMEOUT_MS): Queryable {
  return {
    async query<Row extends object>(
      text: string,
      values?: readonly unknown[],
      options?: CallOptions,
    ): Promise<QueryRows<Row>> {
      // pg reads `query_timeout` for each statement, but its types lack the field.
      const config: pg.QueryConfig & { query_timeout: number } = {
        text,
        query_timeout: options?.timeoutMs ?? defaultTimeoutMs,
        ...(values === undefined ? {} : { values: values.map(storableParameter) }),
      };
      const result = await client.query<Row & pg.QueryResultRow>(config);
      return { rows: result.rows, rowCount: result.rowCount ?? 0 };
    },
  };
}
