/** Counts the figures of reports in PostgreSQL. */
import { PerennialError } from '../../contracts/failures.ts';
import type { Analytics, ReportDetails, ReportPeriod } from '../../contracts/reports/schema.ts';
import type { Database } from '../database/pool.ts';
import { bucketsOf, type Buckets, localTime } from './period.ts';
import type { AnalyticsStore, Figures, ReportUser } from './port.ts';

/** Rows of the tables that name people or documents; longer tables are not read by people. */
const NAMED_ROWS = 25;

/** Creates the analytics store of a migrated database. Methods throw PerennialError `DatabaseUnavailable`. */
export function createAnalyticsStore(database: Database): AnalyticsStore {
  return {
    findUser: (id) => findUser(database, id),
    figures: (period, userId) => figures(database, period, userId),
  };
}

async function findUser(database: Database, id: string): Promise<ReportUser | undefined> {
  const { rows } = await database.query<ReportUser>(
    'select id, name, email, time_zone as "timeZone" from users where id = $1',
    [id],
  );
  if (rows[0] !== undefined) return rows[0];
  const owned = await database.query('select from documents where user_id = $1 limit 1', [id]);
  return owned.rowCount === 0 ? undefined : { id, name: '', email: null, timeZone: null };
}

/** Result of the one statement: each part as JSON, counted over the same rows. */
interface Counted {
  readonly totals: Totals;
  readonly buckets: readonly (OutcomeCounts & { readonly part: number })[];
  readonly confidences: readonly { readonly tenth: number; readonly documents: number }[];
  readonly engines: Analytics['engines'];
  readonly failures: Analytics['failures'];
  readonly users: ReportDetails['users'];
  readonly listed: readonly (Omit<ReportDetails['documents'][number], 'created'> & { readonly created_at: string })[];
  readonly failed: readonly { readonly name: string; readonly type: string | null; readonly created_at: string }[];
  readonly name: string | null;
}

type Totals = Pick<
  Analytics,
  'users' | 'documents' | 'ocr_processed' | 'failed' | 'open' | 'pages' | 'confidence' | 'processingSeconds'
>;

type OutcomeCounts = Omit<Analytics['buckets'][number], 'label'>;

const OUTCOMES = `count(*) filter (where status = 'completed') as completed,
  count(*) filter (where status = 'failed') as failed,
  count(*) filter (where status in ('pending', 'processing')) as open`;

/** Returns the rows of a query as a JSON array, in their order. */
const list = (query: string): string => `(select coalesce(jsonb_agg(to_jsonb(r)), '[]') from (${query}) r)`;

/**
 * One statement counts everything, so that all parts describe one moment and the documents are read once. Half-open
 * bounds count a row at the edge of two periods exactly once. Local hours and days were resolved when the period was
 * cut, so PostgreSQL receives instants only.
 */
const FIGURES = `
  with d as materialized (
    select id, user_id, name, status, pages, ocr_confidence, engine, error_type, created_at,
      extract(epoch from processing_completed_at - processing_started_at)::double precision as seconds
    from documents
    where created_at >= $1 and created_at < $2 and ($3::text is null or user_id = $3)
  )
  select
    (select to_jsonb(t) from (
       select (select count(*) from (select from d where user_id is not null group by user_id) u) as users,
         count(*) as documents,
         count(*) filter (where status = 'completed') as ocr_processed,
         count(*) filter (where status = 'failed') as failed,
         count(*) filter (where status in ('pending', 'processing')) as open,
         coalesce(sum(pages) filter (where status = 'completed'), 0) as pages,
         avg(ocr_confidence) filter (where status = 'completed') as confidence,
         avg(seconds) filter (where status = 'completed') as "processingSeconds"
       from d) t) as totals,
    ${list(`select width_bucket(created_at, $4::timestamptz[]) - 1 as part, ${OUTCOMES} from d group by 1`)} as buckets,
    ${list(`select least(width_bucket(ocr_confidence, 0, 1, 10), 10) - 1 as tenth, count(*) as documents
      from d where status = 'completed' and ocr_confidence is not null group by 1`)} as confidences,
    ${list(`select engine, count(*) as documents, coalesce(sum(pages), 0) as pages, avg(ocr_confidence) as confidence
      from d where status = 'completed' and engine is not null group by engine order by 2 desc, 1 limit 10`)} as engines,
    ${list(`select error_type as type, count(*) as documents
      from d where status = 'failed' group by 1 order by 2 desc, 1 limit 10`)} as failures,
    ${list(`select coalesce(nullif(u.name, ''), b.user_id) as "user", b.documents, b.completed
      from (select user_id, count(*) as documents, count(*) filter (where status = 'completed') as completed
            from d where $3::text is null and user_id is not null
            group by user_id order by 2 desc, 1 limit ${NAMED_ROWS}) b
      left join users u on u.id = b.user_id order by b.documents desc, b.user_id`)} as users,
    ${list(`select name, status, pages, ocr_confidence as confidence, created_at
      from d where $3::text is not null order by created_at desc, id desc limit ${NAMED_ROWS}`)} as listed,
    ${list(`select name, error_type as type, created_at
      from d where status = 'failed' order by created_at desc, id desc limit ${NAMED_ROWS}`)} as failed,
    (select nullif(name, '') from users where id = $3) as name`;

async function figures(database: Database, period: ReportPeriod, userId: string | null): Promise<Figures> {
  const { unit, parts } = bucketsOf(period);
  const { rows } = await database.query<Counted>(FIGURES, [
    period.from,
    period.until,
    userId,
    parts.map(({ from }) => from),
  ]);
  const [counted] = rows;
  if (counted === undefined)
    throw new PerennialError('Unexpected', 'Expected PostgreSQL to count documents, got no row. Report this as a bug.');
  const { totals, engines, failures, users, listed, failed } = counted;
  const local = (at: string): string => localTime(Date.parse(at), period.timeZone);
  return {
    analytics: {
      period,
      userId,
      ...totals,
      success_rate: totals.documents === 0 ? 0 : (totals.ocr_processed / totals.documents) * 100,
      unit,
      buckets: labelled(parts, counted.buckets),
      confidences: tenths(counted.confidences),
      engines,
      failures,
    },
    details: {
      preparedFor: userId === null ? null : (counted.name ?? userId),
      users,
      documents: listed.map(({ created_at: createdAt, ...document }) => ({
        ...document,
        created: local(createdAt),
      })),
      failures: failed.map(({ name, type, created_at: createdAt }) => ({ name, type, created: local(createdAt) })),
    },
  };
}

function labelled(parts: Buckets['parts'], counted: Counted['buckets']): Analytics['buckets'] {
  const byPart = new Map(counted.map(({ part, ...counts }) => [part, counts]));
  return parts.map(({ label }, part) => ({ label, ...(byPart.get(part) ?? { completed: 0, failed: 0, open: 0 }) }));
}

function tenths(counted: Counted['confidences']): Analytics['confidences'] {
  const byTenth = new Map(counted.map(({ tenth, documents }) => [tenth, documents]));
  return Array.from({ length: 10 }, (_, tenth) => byTenth.get(tenth) ?? 0);
}
