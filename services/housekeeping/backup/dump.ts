/** Streams a consistent copy of the database: one snapshot, table after table, with constant memory. */
import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { toPerennialError } from '../../database/errors.ts';
import type { BackupFacts, DatabaseBackup } from '../port.ts';
import {
  BEGIN,
  COMMIT,
  copyLine,
  copyTarget,
  END,
  HEADER,
  ROWS_END,
  sequenceLine,
  TABLE,
  type BackupTable,
  type TableEnd,
} from './format.ts';
import { type Plan, readPlan } from './plan.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const NEWLINE = 0x0a;

/** Creates backups of the database at a URL, each over its own connection. */
export function createDatabaseBackup({ url }: { readonly url: string }): DatabaseBackup {
  return {
    open: (signal) => openDump(url, signal),
    preview: async () => {
      const client = await snapshot(url);
      try {
        return { ...factsOf(await readPlan(client)), rows: await estimateRows(client) };
      } finally {
        await client.end();
      }
    },
  };
}

async function openDump(
  url: string,
  signal: AbortSignal,
): Promise<{ readonly content: Readable; readonly facts: Promise<BackupFacts> }> {
  signal.throwIfAborted();
  const client = await snapshot(url);
  const { promise: facts, resolve, reject } = deferred<BackupFacts>();
  // The reader of the content receives the same error.
  facts.catch(() => undefined);
  const script = Readable.from(write(client, resolve), { objectMode: false });
  const content = pipeline(script, createGzip({ level: 6 }), (error) => {
    if (error instanceof Error) reject(error);
  });
  const stop = (): void => void content.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener('abort', stop, { once: true });
  content.once('close', () => signal.removeEventListener('abort', stop));
  return { content, facts };
}

/** Opens a connection that sees one snapshot of the database, whatever others write meanwhile. */
async function snapshot(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'perennial backup',
  });
  // A connection lost between two statements also fails the next statement, which handles the error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin isolation level repeatable read, read only');
    // The consumer may be slow, and the content must not depend on settings of the role.
    await client.query('set local statement_timeout = 0');
    await client.query('set local idle_in_transaction_session_timeout = 0');
    await client.query(`set local time zone 'UTC'`);
    await client.query(`set local extra_float_digits = 1`);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw toPerennialError(error, 'DATABASE_URL', 0);
  }
}

async function* write(client: pg.Client, done: (facts: BackupFacts) => void): AsyncGenerator<Uint8Array> {
  try {
    const plan = await readPlan(client);
    const { header } = plan;
    yield line(HEADER + JSON.stringify(header));
    yield line(BEGIN);
    let rows = 0;
    for (const table of header.tables) {
      yield line(copyLine(table));
      const end = yield* writeRows(client, table);
      yield line(ROWS_END);
      yield line(TABLE + JSON.stringify(end));
      rows += end.rows;
    }
    for (const sequence of header.sequences) yield line(sequenceLine(sequence));
    yield line(COMMIT);
    yield line(END + JSON.stringify({ tables: header.tables.length, rows }));
    done({ ...factsOf(plan), rows });
  } catch (error) {
    throw toPerennialError(error, 'DATABASE_URL', 0);
  } finally {
    // Ends the connection at once even when a table was only partly read.
    await client.end().catch(() => undefined);
  }
}

async function* writeRows(client: pg.Client, table: BackupTable): AsyncGenerator<Uint8Array, TableEnd> {
  const hash = createHash('sha256');
  let rows = 0;
  const stream = client.query(copyTo(`copy ${copyTarget(table)} to stdout`));
  for await (const part of stream) {
    const chunk = part as Buffer; // no encoding is set, so parts are buffers
    hash.update(chunk);
    rows += countLines(chunk);
    yield chunk;
  }
  return { name: table.name, rows, sha256: hash.digest('hex') };
}

/** Counts rows by line ends, because line breaks inside values are escaped. */
function countLines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function line(text: string): Uint8Array {
  return Buffer.from(`${text}\n`);
}

function factsOf({ header, others }: Plan): Omit<BackupFacts, 'rows'> {
  return { tables: header.tables.length, others, migration: header.migrations.at(-1)?.name ?? '' };
}

async function estimateRows(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ rows: number }>(
    `select coalesce(sum(greatest(reltuples, 0)), 0)::double precision as rows from pg_class
     where relnamespace = current_schema()::regnamespace and relkind = 'r'`,
  );
  return Math.round(rows[0]?.rows ?? 0);
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new TypeError('expected the executor of a promise to run at once');
  return { promise, ...settle };
}
