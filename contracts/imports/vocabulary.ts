/**
 * The vocabulary of imports: names, ids, limits, and the registry of the
 * schemas that records may be validated against.
 */

/** Names of the workflows; callers of the `temporal` command use them too. */
export const importWorkflows = { dataImport: 'dataImport', syncExternalData: 'syncExternalData' } as const;

/** Names of the messages that a running import handles. */
export const importMessages = { progress: 'importProgress' } as const;

const PREFIX = 'import-';

/** Returns the workflow id of an import. It is a business key, so that starting the same import twice is one import. */
export function importWorkflowId(key: string): string {
  return PREFIX + key;
}

/** Tells whether an id is that of an import. */
export function isImportWorkflowId(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** Type of the values of a column. */
export type FieldKind =
  'text' | 'email' | 'timeZone' | 'path' | 'url' | 'integer' | 'decimal' | 'date' | 'boolean' | 'currency';

/** One column of a schema. */
export interface ImportField {
  /** Name in the header of the file; case and surrounding spaces are ignored. */
  readonly name: string;
  readonly kind: FieldKind;
  /** Whether the column must exist and every value must be non-empty. @defaultValue false */
  readonly required?: boolean;
  /** Most characters of a value. @defaultValue 1,000 */
  readonly max?: number;
}

/** A named schema: the fields of its records, and the table that they are saved in. */
export interface ImportSchema {
  readonly purpose: string;
  /** Table that valid records are saved in. */
  readonly target: 'users' | 'documents' | 'records';
  readonly fields: readonly ImportField[];
  /** Whether unknown columns are kept. @defaultValue false */
  readonly open?: boolean;
  /** Column that identifies a row, for the target `records`. @defaultValue the option `key` of the import */
  readonly key?: string;
  /** Columns of which exactly one must have a value. */
  readonly exactlyOne?: readonly string[];
}

/** The registry of schemas; a new kind of file needs a new row. */
export const importSchemas = {
  records: {
    purpose: 'Rows of any shape, kept as they are in a named dataset.',
    target: 'records',
    fields: [],
    open: true,
  },
  users: {
    purpose: 'Whom reports, digests and reminders are for.',
    target: 'users',
    fields: [
      { name: 'id', kind: 'text', required: true, max: 200 },
      { name: 'email', kind: 'email', required: true },
      { name: 'name', kind: 'text', max: 200 },
      { name: 'time_zone', kind: 'timeZone' },
    ],
  },
  documents: {
    purpose: 'A list of documents to be read, each by its path or its address.',
    target: 'documents',
    fields: [
      { name: 'path', kind: 'path', max: 4096 },
      { name: 'url', kind: 'url', max: 2048 },
      { name: 'user', kind: 'text', max: 200 },
      { name: 'name', kind: 'text', max: 200 },
    ],
    exactlyOne: ['path', 'url'],
  },
  invoices: {
    purpose: 'A register of invoices, to compare with what was read.',
    target: 'records',
    key: 'number',
    fields: [
      { name: 'number', kind: 'text', required: true, max: 100 },
      { name: 'issuer', kind: 'text', required: true },
      { name: 'date', kind: 'date', required: true },
      { name: 'currency', kind: 'currency', required: true },
      { name: 'total', kind: 'decimal', required: true },
      { name: 'lines', kind: 'integer' },
      { name: 'paid', kind: 'boolean' },
    ],
  },
} as const satisfies Readonly<Record<string, ImportSchema>>;

/** The name of a schema of the registry. */
export type ImportSchemaName = keyof typeof importSchemas;

/** Finds a schema by name; `undefined` for an unknown name. */
export function findImportSchema(name: string): ImportSchema | undefined {
  return Object.hasOwn(importSchemas, name) ? importSchemas[name as ImportSchemaName] : undefined; // `hasOwn` has checked the key
}

/** Schema when a caller names none; it accepts any CSV with a header, as the Celery application does. */
export const DEFAULT_IMPORT_SCHEMA: ImportSchemaName = 'records';

/** Dataset of the schema `records` when the caller names none. */
export const DEFAULT_DATASET = 'default';

/** Default number of ranges of one import in flight at once; one worker has as many slots. */
export const DEFAULT_IMPORT_WINDOW = 4;

/** Most ranges that a file is split into, so that the history of an import stays small. */
export const MAX_RANGES = 64;

/** Most columns of a file. */
export const MAX_COLUMNS = 1_000;

/** Most records that one call of `imports.validateRecords` accepts. */
export const MAX_VALIDATED_RECORDS = 1_000;

/** Answer of a running import to the progress query. */
export interface ImportProgress {
  readonly phase: 'downloading' | 'parsing' | 'saving' | 'finishing' | 'cleaning' | 'finished' | 'failed' | 'cancelled';
  /** Size of the file, in bytes; 0 until it is downloaded. */
  readonly bytes: number;
  /** Size of the part whose records are saved or rejected, in bytes. */
  readonly doneBytes: number;
  readonly read: number;
  readonly saved: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Start of the import, ISO 8601. */
  readonly startedAt: string;
  /** Estimated time left, in milliseconds; `null` before the first records are saved. */
  readonly remainingMs: number | null;
}

/** Removes credentials, query and fragment from a URL, because they may hold secrets. */
export function shownUrl(url: string): string {
  const bare = url.replace(/[?#].*$/s, '').replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
  return bare.length <= 300 ? bare : `${bare.slice(0, 299)}…`;
}

/** Every status that an import may have. */
export const IMPORT_STATUSES = [
  'running',
  'finished',
  'failed',
  'cancelled',
  'terminated',
  'timed-out',
  'gone',
] as const;

/** Forms in which the rows of an import are exported. */
export const ROW_FORMATS = ['csv', 'jsonl'] as const;
