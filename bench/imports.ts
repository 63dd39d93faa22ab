/** Compares the import of a CSV file of a million rows with plain COPY of the same rows in one thread. */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { importSchemas } from '../contracts/imports/vocabulary.ts';
import { RangeReader } from '../services/imports/reading/range-reader.ts';
import { targets } from '../services/imports/storing/targets.ts';
import { readStack } from '../stack/state.ts';
import {
  atLeast,
  atMost,
  type BenchContext,
  type Measured,
  type NotMeasured,
  type Section,
  type Target,
} from './section.ts';
import { hasProc, peak, withMemoryTrace } from './proc.ts';
import { type BenchStack, withStack } from './stack.ts';
import { alternate, describeLaps, type Laps, median, timed } from './timing.ts';

/**
 * Limits: at least half the speed of plain COPY, at most 300 MB, and five times the rows in five times the time ± 10 %.
 */
const LIMITS = { speed: 0.5, memoryMb: 300, growth: 0.1 };

const TIMES = 5;

export const imports: Section = { name: 'imports', title: 'Imports', run: measure };

async function measure(context: BenchContext): Promise<Measured | NotMeasured> {
  if (!hasProc()) return { missing: '/proc (Linux)' };
  const rows = context.quick ? 20_000 : 1_000_000;
  context.log.step(`Writing lists of ${String(rows)} and ${String(rows * TIMES)} users`);
  const [small, large] = [await writeUsers(context, rows), await writeUsers(context, rows * TIMES)];
  // A second worker runs the workflows, because building their bundle takes more memory than any import.
  const workers = [
    { name: 'worker', fleet: 'documents' },
    { name: 'decisions', fleet: 'workflows' },
  ] as const;
  return withStack(context, { roots: [context.folder], workers }, async (stack) => {
    const database = new pg.Client({ connectionString: readStack(stack.stateDir)?.addresses.database ?? '' });
    await database.connect();
    try {
      await database.query('create table users_plain (like users including all)');
      return await compare(context, stack, database, { small, large, rows });
    } finally {
      await database.end();
    }
  });
}

interface Lists {
  readonly small: string;
  readonly large: string;
  readonly rows: number;
}

async function compare(
  context: BenchContext,
  stack: BenchStack,
  database: pg.Client,
  { small, large, rows }: Lists,
): Promise<Measured> {
  const memory: number[] = [];
  const atRest: number[] = [];
  const ours = async (file: string, count: number): Promise<number> => {
    await database.query('truncate users');
    await database.query('checkpoint');
    const { value, trace } = await withMemoryTrace(stack.pid('worker'), () => importUsers(stack, file, count));
    memory.push(peak(trace));
    atRest.push(trace[0] ?? 0);
    return value;
  };
  const plain = async (): Promise<number> => {
    await database.query('truncate users_plain');
    await database.query('checkpoint');
    return timed(() => plainCopy(database, small, rows));
  };
  context.log.step('Warming up');
  await ours(small, rows);
  context.log.step(`${String(rows)} rows, in turns with plain COPY`);
  const laps = await alternate(context.rounds, plain, () => ours(small, rows));
  context.log.step(`${String(rows * TIMES)} rows`);
  const long: number[] = [];
  for (let round = 0; round < context.rounds; round += 1) long.push(await ours(large, rows * TIMES));
  return report(laps, long, { memory, atRest }, rows);
}

function report(
  laps: Laps,
  long: readonly number[],
  { memory, atRest }: { readonly memory: readonly number[]; readonly atRest: readonly number[] },
  rows: number,
): Measured {
  const [peer, mine, most] = [median(laps.peer), median(laps.ours), Math.max(...memory)];
  const growth = median(long) / (TIMES * mine);
  return {
    rows: [
      {
        what: `rows a second, list of ${String(rows)} users`,
        ours: pace(rows, mine),
        peer: pace(rows, peer),
        ratio: peer / mine,
        target: atLeast(LIMITS.speed),
      },
      {
        what: 'most memory of the worker, against 300 MB',
        ours: `${most.toFixed(0)} MB`,
        peer: `${String(LIMITS.memoryMb)} MB`,
        ratio: most / LIMITS.memoryMb,
        target: atMost(1),
      },
      {
        what: `seconds for ${String(TIMES)} times the rows, against ${String(TIMES)} times the seconds`,
        ours: `${median(long).toFixed(1)} s`,
        peer: `${(TIMES * mine).toFixed(1)} s`,
        ratio: growth,
        target: around(LIMITS.growth),
      },
    ],
    how: HOW,
    details: [
      describeLaps(laps),
      `Seconds of the long list: ${long.map((lap) => lap.toFixed(1)).join(', ')}. Most memory of each import in MB: ${memory.map((mb) => mb.toFixed(0)).join(', ')}; before each: ${atRest.map((mb) => mb.toFixed(0)).join(', ')}.`,
    ],
  };
}

const HOW = [
  'Ours is the whole pipeline in a running stack, from a path to the result: the file is stored as blobs, cut into ranges, parsed and validated by two threads, saved in batches with its ledger, and cleaned up.',
  'The peer is the same parser and the same validation in one thread, which feed one COPY into an equal table with equal indexes. It keeps no ledger, resolves no conflicts and survives no kill.',
  'Both run in turns and figures are medians; both tables are emptied and a checkpoint is made before each turn. Memory is the resident size of the worker process with its threads, measured every 250 ms.',
].join(' ');

function pace(rows: number, seconds: number): string {
  return `${Math.round(rows / seconds).toLocaleString('en')} (${seconds.toFixed(1)} s)`;
}

function around(share: number): Target {
  return {
    text: `${(1 - share).toFixed(2)} to ${(1 + share).toFixed(2)}`,
    holds: (ratio) => Math.abs(ratio - 1) <= share,
  };
}

const HEADER = ['id', 'email', 'name', 'time_zone'];
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo'];
const WRITE_AT = 1_000_000;

async function writeUsers({ folder }: BenchContext, rows: number): Promise<string> {
  const file = path.join(folder, `users-${String(rows)}.csv`);
  const out = createWriteStream(file);
  let text = `${HEADER.join(',')}\n`;
  for (let n = 0; n < rows; n += 1) {
    text += `user-${String(n)},user${String(n)}@example.com,"Müller, Nr. ${String(n)}",${ZONES[n % ZONES.length] ?? ''}\n`;
    if (text.length < WRITE_AT) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await finished(out);
  return file;
}

async function importUsers({ client }: BenchStack, file: string, rows: number): Promise<number> {
  return timed(async () => {
    const job = await client.imports.start({ source: { path: file }, schema: 'users' });
    const { saved } = await job.result();
    if (saved !== rows) throw new Error(`expected ${String(rows)} rows, got ${String(saved)}`);
  });
}

async function plainCopy(database: pg.Client, file: string, rows: number): Promise<void> {
  const columns = [...targets.users.columns, 'import_line'].join(', ');
  const copy = database.query(copyFrom(`copy users_plain (${columns}) from stdin`));
  const reader = new RangeReader({
    schema: importSchemas.users,
    layout: { format: 'csv', encoding: 'utf-8', mixedEncoding: false, delimiter: ',', header: HEADER },
    runId: '',
    key: undefined,
    formats: {},
    from: 0,
    line: 2,
    batchRecords: 10_000,
  });
  const start = Buffer.byteLength(`${HEADER.join(',')}\n`);
  for await (const block of createReadStream(file, { start, highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    for (const batch of reader.read(block, false)) if (!copy.write(batch.copy)) await once(copy, 'drain');
  }
  for (const batch of reader.read(Buffer.alloc(0), true)) copy.write(batch.copy);
  copy.end();
  await finished(copy);
  if (copy.rowCount !== rows) throw new Error(`expected ${String(rows)} rows, got ${String(copy.rowCount)}`);
}
