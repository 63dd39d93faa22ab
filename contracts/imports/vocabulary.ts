/**
 * The vocabulary of imports: names, ids, limits, and the registry of the
 * schemas that records may be validated against.
 */

/** Names under which the workflows of this domain are started, also by the `temporal` command. */
export const importWorkflows = { dataImport: 'dataImport', syncExternalData: 'syncExternalData' } as const;

/** Names of the messages that a running import understands. */
export const importMessages = { progress: 'importProgress' } as const;

const PREFIX = 'import-';

/** The workflow id of an import; its business key, so that starting the same import twice is one import (IDEM-4). */
export function importWorkflowId(key: string): string {
  return PREFIX + key;
}

/** Says whether an id is that of an import. */
export function isImportWorkflowId(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** What a value of a column has to be. */
export type FieldKind =
  'text' | 'email' | 'timeZone' | 'path' | 'url' | 'integer' | 'decimal' | 'date' | 'boolean' | 'currency';

/** One column that a schema knows. */
export interface ImportField {
  /** Name in the header of the file; case and blanks around it do not matter. */
  readonly name: string;
  readonly kind: FieldKind;
  /** The column must be there, and no value of it may be empty. @defaultValue false */
  readonly required?: boolean;
  /** Most characters of a value. @defaultValue 1,000 */
  readonly max?: number;
}

/** A named schema: what records of a file must look like, and where they go. */
export interface ImportSchema {
  readonly purpose: string;
  /** Table family that good rows are saved in. */
  readonly target: 'users' | 'documents' | 'records';
  readonly fields: readonly ImportField[];
  /** Columns that the schema does not know are kept instead of left out. @defaultValue false */
  readonly open?: boolean;
  /** Column that tells rows apart, for the target `records`. @defaultValue the option `key` of the import */
  readonly key?: string;
  /** Of these columns exactly one must have a value. */
  readonly exactlyOne?: readonly string[];
}

/** The registry of schemas. A further kind of file is a further row here. */
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

/** The schema of a name; `undefined` for a name that none has. */
export function findImportSchema(name: string): ImportSchema | undefined {
  return Object.hasOwn(importSchemas, name) ? importSchemas[name as ImportSchemaName] : undefined; // hasOwn has looked
}

/** Used when a caller names no schema: any CSV with a header will do, as in the source (002:3691). */
export const DEFAULT_IMPORT_SCHEMA: ImportSchemaName = 'records';

/** Where rows of the schema `records` go when the caller names no dataset. */
export const DEFAULT_DATASET = 'default';

/** How bytes are turned into text. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin1'] as const;

/** The name of an encoding. */
export type Encoding = (typeof ENCODINGS)[number];

/** Ranges of one import in flight at once, unless the caller says otherwise: as many as one worker's slots. */
export const DEFAULT_IMPORT_WINDOW = 4;

/** Most ranges that a file is cut into, so that the history of any import stays small. */
export const MAX_RANGES = 64;

/** Most columns of a file. */
export const MAX_COLUMNS = 1_000;

/** Records that one `imports.validateRecords` takes. */
export const MAX_VALIDATED_RECORDS = 1_000;

/** What a running import answers to the progress query. */
export interface ImportProgress {
  readonly phase: 'downloading' | 'parsing' | 'saving' | 'finishing' | 'cleaning' | 'finished' | 'failed' | 'cancelled';
  /** Bytes of the file; 0 until it is there. */
  readonly bytes: number;
  /** Bytes whose records are saved or rejected. */
  readonly doneBytes: number;
  readonly read: number;
  readonly saved: number;
  readonly rejected: number;
  readonly skipped: number;
  /** ISO time of the start. */
  readonly startedAt: string;
  /** Estimate of the time left in milliseconds, from the pace of saving so far; `null` before there is any. */
  readonly remainingMs: number | null;
}

/** How an address may be shown to people: without credentials, query and fragment, which may hold secrets. */
export function shownUrl(url: string): string {
  const bare = url.replace(/[?#].*$/s, '').replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
  return bare.length <= 300 ? bare : `${bare.slice(0, 299)}…`;
}
