/** Reports in PostgreSQL: one row for each report, however often it is made. */
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { ReportKind, ReportStatus } from '../../contracts/reports/vocabulary.ts';
import type { Chart, ReportView } from '../../contracts/reports/schema.ts';
import type { Database } from '../database/pool.ts';
import { isUuid, storableJson } from '../database/text.ts';
import type { NewReport, ReportQuery, ReportStore } from './port.ts';

interface ReportRow {
  readonly id: string;
  readonly kind: ReportKind;
  readonly title: string;
  readonly user_id: string | null;
  readonly first_day: string;
  readonly last_day: string;
  readonly time_zone: string;
  readonly period_from: Date;
  readonly period_until: Date;
  readonly status: ReportStatus;
  readonly documents: number;
  readonly file: BlobRef;
  readonly file_name: string;
  readonly media_type: string;
  readonly created_at: Date;
  readonly sent_at: Date | null;
}

const COLUMNS = `id, kind, title, user_id, first_day::text, last_day::text, time_zone, period_from, period_until,
  status, documents, file, file_name, media_type, created_at, sent_at`;

/** Opens the report store of a migrated database. Methods throw PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createReportStore(database: Database): ReportStore {
  return {
    save: (report) => save(database, report),
    noteSent: async (id) => {
      await database.query(`update reports set status = 'sent', sent_at = now() where id = $1 and status <> 'sent'`, [
        id,
      ]);
    },
    view: (id) => view(database, id),
    files: (id) => files(database, id),
    list: (query) => list(database, query),
  };
}

/** Saves a report. A repetition replaces its file and keeps whether it was sent. */
async function save(database: Database, { plan, file, mediaType, charts, documents }: NewReport): Promise<void> {
  const { period } = plan;
  await database.query(
    `insert into reports (id, kind, title, user_id, first_day, last_day, time_zone, period_from, period_until,
       documents, file, file_name, media_type, charts)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13, $14::jsonb)
     on conflict (id) do update set
       title = excluded.title, documents = excluded.documents, file = excluded.file,
       file_name = excluded.file_name, media_type = excluded.media_type, charts = excluded.charts`,
    [
      plan.reportId,
      plan.kind,
      plan.title,
      plan.userId,
      period.start,
      period.end,
      period.timeZone,
      period.from,
      period.until,
      documents,
      storableJson(file),
      plan.fileName,
      mediaType,
      storableJson(charts),
    ],
  );
}

async function view(database: Database, id: string): Promise<ReportView | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await database.query<ReportRow>(`select ${COLUMNS} from reports where id = $1`, [id]);
  return rows[0] && toView(rows[0]);
}

async function files(database: Database, id: string): ReturnType<ReportStore['files']> {
  if (!isUuid(id)) return undefined;
  const { rows } = await database.query<{ file: BlobRef; charts: Chart[] }>(
    'select file, charts from reports where id = $1',
    [id],
  );
  return rows[0];
}

/**
 * Lists reports, newest first. A page continues after a report rather than at an offset, so that new reports shift
 * nothing.
 */
async function list(database: Database, { userId, kind, limit, after }: ReportQuery): ReturnType<ReportStore['list']> {
  if (after !== undefined && !isUuid(after))
    throw new PerennialError(
      'InvalidInput',
      `after: expected the 'next' of the page before, got '${after.slice(0, 60)}'`,
    );
  const { rows } = await database.query<ReportRow>(
    `select ${COLUMNS} from reports
     where ($1::text is null or user_id = $1) and ($2::text is null or kind = $2)
       and ($3::uuid is null or (created_at, id) < (select created_at, id from reports where id = $3))
     order by created_at desc, id desc limit $4`,
    [userId ?? null, kind ?? null, after ?? null, limit + 1],
  );
  const reports = rows.slice(0, limit).map(toView);
  return { reports, next: rows.length > limit ? (reports.at(-1)?.id ?? null) : null };
}

function toView(row: ReportRow): ReportView {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    userId: row.user_id,
    period: {
      start: row.first_day,
      end: row.last_day,
      timeZone: row.time_zone,
      from: row.period_from.toISOString(),
      until: row.period_until.toISOString(),
    },
    status: row.status,
    documents: row.documents,
    fileName: row.file_name,
    mediaType: row.media_type,
    size: row.file.size,
    createdAt: row.created_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
  };
}
