/** Measures the share of the time of a report that the product adds to drawing. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectPerennial, type PerennialClient } from '../../client/index.ts';
import { loadConfig } from '../../config/load.ts';
import { createDatabase, type Database } from '../../services/database/pool.ts';
import { type Stack, startStack } from '../../stack/supervisor.ts';
import { atMost, type BenchContext, type Measured, type Section } from '../section.ts';
import { type ReportTiming, TIMINGS_FILE } from './timing.ts';
import { median } from '../timing.ts';

/** The section on reports with three charts: their time outside of the chart and PDF libraries. */
export const reports: Section = { name: 'reports', title: 'Reports', run: measure };

const LIMIT = 0.15;
/** Number of reports before the first measured one, during which the engine compiles the libraries. */
const WARM_UPS = 5;

interface Cost {
  /** Duration of all activities of one report, in milliseconds. */
  readonly activities: number;
  /** Time of those activities in Vega, sharp and PDFKit, in milliseconds. */
  readonly drawing: number;
  /** Time from the start of the workflow to its result, in milliseconds. */
  readonly whole: number;
  readonly byName: ReadonlyMap<string, number>;
}

async function measure(context: BenchContext): Promise<Measured> {
  const [documents, count] = context.quick ? [10_000, 5] : [10_000, 20];
  const ports = { TEMPORAL_PORT: '0', UI_PORT: '0', API_PORT: '0', HEALTH_PORT: '0', POSTGRES_PORT: '0' };
  const stateDir = path.join(context.folder, 'state');
  const config = loadConfig({ STATE_DIR: stateDir, SCHEDULES_SYNC: 'false', ...ports });
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
  const stack = await startStack({
    config,
    log: context.log,
    signal: context.signal,
    components: ['temporal', 'postgres', 'worker'],
    entries: { worker },
  });
  try {
    const costs = await withStack(stack, documents, (client) =>
      costsOf(context, client, path.join(stateDir, TIMINGS_FILE), WARM_UPS + count * context.rounds),
    );
    return describe(costs.slice(WARM_UPS), documents);
  } finally {
    await stack.stop();
  }
}

async function withStack<T>(
  stack: Stack,
  documents: number,
  body: (client: PerennialClient) => Promise<T>,
): Promise<T> {
  const client = await connectPerennial({ address: stack.addresses.temporal });
  const database = createDatabase({ url: stack.addresses.database });
  try {
    await fill(database, documents);
    return await body(client);
  } finally {
    await client.close();
    await database.close();
  }
}

async function costsOf(
  { signal }: BenchContext,
  client: PerennialClient,
  file: string,
  count: number,
): Promise<readonly Cost[]> {
  const costs: Cost[] = [];
  while (costs.length < count) {
    signal.throwIfAborted();
    costs.push(await costOf(client, file));
  }
  return costs;
}

/** Inserts the documents of one user for a month. */
async function fill(database: Database, documents: number): Promise<void> {
  await database.query(
    `insert into documents (id, user_id, name, file_path, status, pages, ocr_result, ocr_confidence, engine, error_type,
       created_at, processing_started_at, processing_completed_at)
     select gen_random_uuid(), 'ann', 'scan-' || n || '.png', '/nowhere', case when n % 10 = 0 then 'failed' else 'completed' end,
       1 + n % 5, case when n % 10 > 0 then '{}'::jsonb end, case when n % 10 > 0 then (n % 101) / 100.0 end,
       case when n % 3 = 0 then 'deepseek' else 'tesseract' end, case when n % 10 = 0 then 'CorruptDocument' end,
       t, t + interval '1 second', t + interval '3 seconds'
     from (select n, '2026-10-01'::timestamptz + (n / $1::double precision) * interval '31 days' as t from generate_series(0, $1::integer - 1) n) rows`,
    [documents],
  );
  await database.query('analyze documents');
}

async function costOf(client: PerennialClient, file: string): Promise<Cost> {
  const before = timingsOf(file).length;
  const startedAt = performance.now();
  const job = await client.reports.user('ann', '2026-10-01', '2026-10-31');
  await job.result();
  const whole = performance.now() - startedAt;
  const timings = timingsOf(file).slice(before);
  const byName = new Map(timings.flatMap((timing) => (timing.part === 'activity' ? [[timing.name, timing.ms]] : [])));
  const drawing = timings.flatMap((timing) => (timing.part === 'drawing' ? [timing.ms] : []));
  if (byName.size !== 5 || drawing.length !== 2)
    throw new Error(`expected a report of five activities and two drawings, got ${timings.length} timings`);
  const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0);
  return { activities: sum(byName.values()), drawing: sum(drawing), whole, byName };
}

function timingsOf(file: string): readonly ReportTiming[] {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // The file does not exist before the first report.
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReportTiming); // worker.ts wrote it
}

function describe(costs: readonly Cost[], documents: number): Measured {
  const of = (pick: (cost: Cost) => number): number => median(costs.map(pick));
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  const names = [...(costs[0]?.byName.keys() ?? [])];
  const row = (what: string, whole: (cost: Cost) => number) => ({
    what,
    ours: ms(of((cost) => whole(cost) - cost.drawing)),
    peer: ms(of(whole)),
    ratio: of((cost) => (whole(cost) - cost.drawing) / whole(cost)),
  });
  return {
    rows: [
      {
        ...row('time of all activities outside chart and PDF libraries', (cost) => cost.activities),
        target: atMost(LIMIT),
      },
      row('the same, of the whole workflow from its start to its result', (cost) => cost.whole),
    ],
    how: [
      `Reports of one user (\`generateUserReport\`) have three charts and a PDF over a month with ${String(documents)} documents. They run one after the other through the Temporal server, PostgreSQL, blobs on disk and one worker; figures are medians of ${String(costs.length)} reports, after ${String(WARM_UPS)} that are not measured.`,
      'The peer is the whole time. Ours is what is left of it without the drawing, which is timed in the process that draws, from the figures to the bytes (Vega-Lite, Vega, sharp, PDFKit and our lines that feed them).',
      'So ours includes the figures, all storing, hashing and reading of blobs, and the way to the process that draws and back.',
    ].join(' '),
    details: [
      `Median of each activity: ${names.map((name) => `\`${name}\` ${ms(of((cost) => cost.byName.get(name) ?? 0))}`).join(', ')}; of the drawing in them ${ms(of((cost) => cost.drawing))}.`,
    ],
  };
}
