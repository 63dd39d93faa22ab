/** The figures of reports, counted by PostgreSQL. */
import type { Analytics, ReportDetails, ReportPeriod } from '../../contracts/reports.schema.ts';
import type { Database, Queryable } from '../database/pool.ts';
import { bucketsOf, type Buckets, localTime } from './period.ts';
import type { AnalyticsStore, Figures, ReportUser } from './port.ts';

/** Rows of the tables that name people or documents: what a reader still reads. */
const NAMED_ROWS = 25;

/** Opens the analytics of a migrated database. Methods throw PerennialError `DatabaseUnavailable`. */
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

/** What every statement is asked about. The half-open bounds leave no row at an edge out (P3-48). */
const OF_PERIOD = `from documents where created_at >= $1 and created_at < $2 and ($3::text is null or user_id = $3)`;

type Scope = readonly [from: string, until: string, userId: string | null];

async function figures(database: Database, period: ReportPeriod, userId: string | null): Promise<Figures> {
  const scope: Scope = [period.from, period.until, userId];
  const buckets = bucketsOf(period);
  return database.transaction(async (snapshot) => {
    // All statements see the same moment, or the parts would not add up to the whole.
    await snapshot.query('set transaction isolation level repeatable read, read only');
    const totals = await totalsOf(snapshot, scope);
    return {
      analytics: {
        period,
        userId,
        ...totals,
        success_rate: totals.documents === 0 ? 0 : (totals.ocr_processed / totals.documents) * 100,
        unit: buckets.unit,
        buckets: await bucketFigures(snapshot, scope, buckets),
        confidences: await confidencesOf(snapshot, scope),
        engines: await enginesOf(snapshot, scope),
        failures: await failuresOf(snapshot, scope),
      },
      details: {
        preparedFor: userId === null ? null : await nameOf(snapshot, userId),
        users: userId === null ? await usersOf(snapshot, scope) : [],
        documents: userId === null ? [] : await documentsOf(snapshot, scope, period.timeZone),
      },
    };
  });
}

type Totals = Pick<
  Analytics,
  'users' | 'documents' | 'ocr_processed' | 'failed' | 'open' | 'pages' | 'confidence' | 'processingSeconds'
>;

async function totalsOf(database: Queryable, scope: Scope): Promise<Totals> {
  const { rows } = await database.query<Totals>(
    `select count(distinct user_id)::integer as users,
       count(*)::integer as documents,
       count(*) filter (where status = 'completed')::integer as ocr_processed,
       count(*) filter (where status = 'failed')::integer as failed,
       count(*) filter (where status in ('pending', 'processing'))::integer as open,
       coalesce(sum(pages) filter (where status = 'completed'), 0)::integer as pages,
       avg(ocr_confidence) filter (where status = 'completed') as confidence,
       avg(extract(epoch from processing_completed_at - processing_started_at))
         filter (where status = 'completed')::double precision as "processingSeconds"
     ${OF_PERIOD}`,
    scope,
  );
  const nothing = { users: 0, documents: 0, ocr_processed: 0, failed: 0, open: 0, pages: 0 };
  return rows[0] ?? { ...nothing, confidence: null, processingSeconds: null };
}

/** PostgreSQL is told the instants only: what a local hour or day is was decided when the period was cut. */
async function bucketFigures(database: Queryable, scope: Scope, { parts }: Buckets): Promise<Analytics['buckets']> {
  const { rows } = await database.query<{ part: number; completed: number; failed: number; open: number }>(
    `select width_bucket(created_at, $4::timestamptz[]) - 1 as part,
       count(*) filter (where status = 'completed')::integer as completed,
       count(*) filter (where status = 'failed')::integer as failed,
       count(*) filter (where status in ('pending', 'processing'))::integer as open
     ${OF_PERIOD} group by 1`,
    [...scope, parts.map(({ from }) => from)],
  );
  const counted = new Map(rows.map(({ part, ...counts }) => [part, counts]));
  return parts.map(({ label }, part) => ({ label, ...(counted.get(part) ?? { completed: 0, failed: 0, open: 0 }) }));
}

async function confidencesOf(database: Queryable, scope: Scope): Promise<Analytics['confidences']> {
  const { rows } = await database.query<{ tenth: number; documents: number }>(
    `select least(width_bucket(ocr_confidence, 0, 1, 10), 10) - 1 as tenth, count(*)::integer as documents
     ${OF_PERIOD} and status = 'completed' and ocr_confidence is not null group by 1`,
    scope,
  );
  const counted = new Map(rows.map(({ tenth, documents }) => [tenth, documents]));
  return Array.from({ length: 10 }, (_, tenth) => counted.get(tenth) ?? 0);
}

async function enginesOf(database: Queryable, scope: Scope): Promise<Analytics['engines']> {
  const { rows } = await database.query<Analytics['engines'][number]>(
    `select engine, count(*)::integer as documents, coalesce(sum(pages), 0)::integer as pages, avg(ocr_confidence) as confidence
     ${OF_PERIOD} and status = 'completed' and engine is not null
     group by engine order by 2 desc, 1 limit 10`,
    scope,
  );
  return [...rows];
}

async function failuresOf(database: Queryable, scope: Scope): Promise<Analytics['failures']> {
  const { rows } = await database.query<Analytics['failures'][number]>(
    `select error_type as type, count(*)::integer as documents
     ${OF_PERIOD} and status = 'failed' group by 1 order by 2 desc, 1 limit 10`,
    scope,
  );
  return [...rows];
}

async function nameOf(database: Queryable, userId: string): Promise<string> {
  const { rows } = await database.query<{ name: string }>('select name from users where id = $1', [userId]);
  const name = rows[0]?.name ?? '';
  return name === '' ? userId : name;
}

async function usersOf(database: Queryable, scope: Scope): Promise<ReportDetails['users']> {
  const { rows } = await database.query<ReportDetails['users'][number]>(
    `select coalesce(nullif(u.name, ''), d.user_id) as "user", d.documents, d.completed
     from (select user_id, count(*)::integer as documents,
             count(*) filter (where status = 'completed')::integer as completed
           ${OF_PERIOD} and user_id is not null
           group by user_id order by 2 desc, 1 limit ${NAMED_ROWS}) d
     left join users u on u.id = d.user_id
     order by d.documents desc, d.user_id`,
    scope,
  );
  return [...rows];
}

interface DocumentRow {
  readonly name: string;
  readonly status: string;
  readonly pages: number | null;
  readonly confidence: number | null;
  readonly created_at: Date;
}

async function documentsOf(database: Queryable, scope: Scope, timeZone: string): Promise<ReportDetails['documents']> {
  const { rows } = await database.query<DocumentRow>(
    `select name, status, pages, ocr_confidence as confidence, created_at
     ${OF_PERIOD} order by created_at desc, id desc limit ${NAMED_ROWS}`,
    scope,
  );
  return rows.map(({ created_at: createdAt, ...row }) => ({
    ...row,
    created: localTime(createdAt.getTime(), timeZone),
  }));
}
