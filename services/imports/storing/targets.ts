/** The tables for good rows: how a row is sent to PostgreSQL, and how it is moved into its table. */
import { createHash } from 'node:crypto';
import type { ImportSchema } from '../../../contracts/imports/vocabulary.ts';
import type { FieldValue } from '../reading/fields.ts';

/** What the rows of one import have in common. */
export interface RowContext {
  readonly schema: ImportSchema;
  /** Id of the run; new ids are derived from it. */
  readonly runId: string;
}

/** One row before it is saved. */
export interface TargetRow {
  /** Identifies the row in its table. */
  readonly key: string;
  /** Values of the other columns of {@link Target.columns}. */
  readonly values: readonly (string | null)[];
}

/** A statement and its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What the statements of one import depend on. */
export interface SaveContext {
  readonly runId: string;
  /** Used by the target `records` only. */
  readonly dataset: string;
  readonly onConflict: 'update' | 'skip';
  /** Columns of the schema that the file has; the other columns keep their values. */
  readonly present: readonly string[];
}

/** The SQL of one table; every statement reads `import_rows`, the rows of one batch. */
export interface Target {
  /** Columns of `import_rows` before its last one, `line`; all are text, and the first is the key. */
  readonly columns: readonly string[];
  /** Inserts the rows whose keys are new; the affected rows are the inserted ones. */
  add(context: SaveContext): Statement;
  /**
   * Replaces existing rows. The statement returns `updated` and `replaced`: the rows written, and those of them that
   * this same run had written from a later line. Of two lines with one key the first wins, in whatever order the ranges
   * are saved.
   */
  replace?(context: SaveContext): Statement;
}

/**
 * Looks up existing rows one by one through the index, because the planner has no statistics of a temporary table and
 * might scan the whole target for each batch. `$1` is the run, `$2` whether rows of other imports may be replaced.
 */
function replaceText(table: string, key: string, match: string, columns: string, select: string, set: string): string {
  return `with old as (
      select r.*, o.import_run is not distinct from $1::uuid as own
      from import_rows r cross join lateral (
        select t.import_run, t.import_line from ${table} t where ${match} offset 0
      ) o
      where ($2::boolean and o.import_run is distinct from $1::uuid) or (o.import_run = $1::uuid and o.import_line > r.line)
    ), written as (
      insert into ${table} as t (${columns}) select ${select} from old r
      on conflict (${key}) do update set ${set}, import_run = excluded.import_run, import_line = excluded.import_line
      where t.import_run is distinct from excluded.import_run or t.import_line > excluded.import_line
      returning 1
    )
    select (select count(*) from written)::int as updated, (select count(*) from old where own)::int as replaced`;
}

const keep = (column: string): string =>
  `${column} = case when '${column}' = any($3::text[]) then excluded.${column} else t.${column} end`;

const USER_COLUMNS = 'id, email, name, time_zone, import_run, import_line';
const USER_VALUES = `r.id, r.email, coalesce(r.name, ''), coalesce(r.time_zone, 'UTC'), $1::uuid, r.line`;

const users: Target = {
  columns: ['id', 'email', 'name', 'time_zone'],
  add: ({ runId }) => ({
    text: `insert into users (${USER_COLUMNS}) select ${USER_VALUES} from import_rows r on conflict (id) do nothing`,
    values: [runId],
  }),
  replace: ({ runId, onConflict, present }) => ({
    text: replaceText(
      'users',
      'id',
      't.id = r.id',
      USER_COLUMNS,
      USER_VALUES,
      ['email = excluded.email', keep('name'), keep('time_zone')].join(', '),
    ),
    values: [runId, onConflict === 'update', present],
  }),
};

const RECORD_COLUMNS = 'dataset, key, data, import_run, import_line';
const recordValues = (dataset: string): string => `${dataset}, r.key, r.data::jsonb, $1::uuid, r.line`;

const records: Target = {
  columns: ['key', 'data'],
  add: ({ runId, dataset }) => ({
    text: `insert into records (${RECORD_COLUMNS}) select ${recordValues('$2::text')} from import_rows r
      on conflict (dataset, key) do nothing`,
    values: [runId, dataset],
  }),
  replace: ({ runId, dataset, onConflict }) => ({
    text: replaceText(
      'records',
      'dataset, key',
      't.dataset = $3::text and t.key = r.key',
      RECORD_COLUMNS,
      recordValues('$3::text'),
      'data = excluded.data, updated_at = now()',
    ),
    values: [runId, onConflict === 'update', dataset],
  }),
};

/** Ids are derived from run and source, so an existing row was saved by this same run. */
const documents: Target = {
  columns: ['id', 'name', 'path', 'url', 'user_id'],
  // Addresses wait in a separate table until their files are fetched.
  add: ({ runId }) => ({
    text: `with listed as (
        insert into documents (id, user_id, name, file_path, import_run, import_line)
        select r.id::uuid, r.user_id, r.name, r.path, $1::uuid, r.line from import_rows r where r.path is not null
        on conflict (id) do nothing returning 1
      ), addressed as (
        insert into import_downloads (run, document_id, name, url, user_id, line)
        select $1::uuid, r.id::uuid, r.name, r.url, r.user_id, r.line from import_rows r where r.url is not null
        on conflict (run, document_id) do nothing returning 1
      )
      select from listed union all select from addressed`,
    values: [runId],
  }),
};

/** The tables in which records are saved. */
export const targets: Readonly<Record<ImportSchema['target'], Target>> = { users, records, documents };

/** Converts validated values to a row of its target. `extra` holds the columns that an open schema keeps. */
export function toRow(
  { schema, runId }: RowContext,
  values: readonly FieldValue[],
  key: string,
  extra: Readonly<Record<string, string>>,
): TargetRow {
  if (schema.target === 'records') return { key, values: [JSON.stringify(dataOf(schema, values, extra))] };
  const texts = values.map((value) => (value === null ? null : String(value)));
  return schema.target === 'users' ? { key: texts[0] ?? '', values: texts.slice(1) } : documentRow(runId, texts);
}

/** Builds the row from the fields of the schema `documents`, in their order. */
function documentRow(
  runId: string,
  [path = null, url = null, user = null, name = null]: readonly (string | null)[],
): TargetRow {
  const source = path ?? url ?? '';
  return { key: derivedId(`${runId}\n${source}`), values: [name ?? baseName(source), path, url, user] };
}

function dataOf(
  schema: ImportSchema,
  values: readonly FieldValue[],
  extra: Readonly<Record<string, string>>,
): Readonly<Record<string, FieldValue>> {
  if (schema.fields.length === 0) return extra;
  return { ...extra, ...Object.fromEntries(schema.fields.map(({ name }, index) => [name, values[index] ?? null])) };
}

function baseName(source: string): string {
  const bare = /^https?:/i.test(source) ? source.replace(/[?#].*$/s, '') : source;
  return bare.split(/[/\\]/).at(-1)?.slice(0, 200) || 'document';
}

/** Derives a UUID (version 8, RFC 9562) that is always the same for the same name. */
function derivedId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
