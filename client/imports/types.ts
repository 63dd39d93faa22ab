/** The interface of the imports domain. */
import type { Readable } from 'node:stream';
import type {
  ImportedRowPage,
  ImportFilter,
  ImportPage,
  ImportView,
  RowFormat,
} from '../../contracts/imports/view.schema.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { ImportInput, ImportResult } from '../../contracts/imports/schema.ts';
import type { ImportProgress } from '../../contracts/imports/vocabulary.ts';
import type { FailureRecord } from '../../contracts/failures.ts';
import type { LookAtRun, RunEnd } from '../../services/housekeeping/port.ts';
import type { FollowOptions, JobHandle, JobName, JobStatus } from '../connection/jobs.ts';

/**
 * The newest run of an import, as the server knows it.
 *
 * @example
 * ```ts
 * const { status, startedAt, failure } = await perennial.imports.get('customers-2026').run();
 * console.log(status, startedAt, failure?.message);
 * ```
 */
export interface ImportRun {
  /** Id of the first run, which a reset does not change. */
  readonly runId: string;
  readonly status: JobStatus;
  /** Start of the run, ISO 8601. */
  readonly startedAt: string;
  /** End of the run, ISO 8601; `null` while it is running. */
  readonly endedAt: string | null;
  /** What the run was started with; nobody has checked it when the caller did not use this client. */
  readonly input: unknown;
  /** Why the run failed; `null` unless it has. */
  readonly failure: FailureRecord | null;
}

/**
 * A started import.
 *
 * @example
 * ```ts
 * const handle = perennial.imports.get('customers-2026');
 * for await (const { phase } of handle.follow()) console.log(phase);
 * console.log(await handle.rejects());
 * ```
 */
export interface ImportHandle extends JobHandle<ImportResult> {
  progress(): Promise<ImportProgress>;
  /** Yields the progress whenever it changes, and ends with the import. */
  follow(options?: FollowOptions): AsyncIterable<ImportProgress>;
  /** Reads the run on the server, which knows an import before it has a row in the database. */
  run(): Promise<ImportRun>;
  /** Waits for the end and returns the reference of the rejects file; `undefined` when nothing was rejected. */
  rejects(): Promise<BlobRef | undefined>;
}

/**
 * Imports and their rows in the database; `createImportRecords` of `services/imports` implements it.
 *
 * @example
 * ```ts
 * import { connectPerennial, type ImportRecords } from './client/index.ts';
 *
 * const connect = (importRecords: ImportRecords) =>
 *   connectPerennial({ address: 'localhost:7233', importRecords });
 * ```
 */
export interface ImportRecords {
  view(id: string): Promise<ImportView | undefined>;
  list(filter: ImportFilter, limit: number): Promise<ImportPage>;
  rows(id: string, after: string | undefined, limit: number): Promise<ImportedRowPage>;
  export(id: string, format: RowFormat, signal: AbortSignal): Promise<Readable>;
  /** Closes a row whose run has ended without doing so. */
  closeImport(id: string, look: LookAtRun): Promise<RunEnd | undefined>;
}

/**
 * Which page of a list, and how long.
 *
 * @example
 * ```ts
 * const first = await perennial.imports.rows('customers-2026', { limit: 500 });
 * if (first.next !== null) console.log(await perennial.imports.rows('customers-2026', { after: first.next }));
 * ```
 */
export interface ImportPaging {
  /** `next` of the page before. @defaultValue the first page */
  readonly after?: string | undefined;
  /** Most entries of the page, up to 500. @defaultValue 100 */
  readonly limit?: number | undefined;
}

/**
 * How the rows of an import are exported.
 *
 * @example
 * ```ts
 * import { createWriteStream } from 'node:fs';
 * import { pipeline } from 'node:stream/promises';
 *
 * const rows = await perennial.imports.export('customers-2026', { format: 'jsonl' });
 * await pipeline(rows, createWriteStream('customers.jsonl'));
 * ```
 */
export interface ExportOptions {
  /** @defaultValue `csv` */
  readonly format?: RowFormat | undefined;
  /** Ends the export when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Imports of files. Inputs are checked before anything is started (`InvalidInput`).
 *
 * @example
 * ```ts
 * const handle = await perennial.imports.start(
 *   { source: { url: 'https://example.com/customers.csv' }, schema: 'users' },
 *   { id: 'customers-2026' },
 * );
 * console.log(await handle.result());
 * ```
 */
export interface ImportJobs {
  /**
   * Starts an import, or joins the import with this id that is running or done.
   *
   * @throws Conflict the id belongs to another import that is running or done
   * @throws PerennialError `ImportSchemaUnknown`
   */
  start(input: ImportInput, options?: JobName): Promise<ImportHandle>;
  /** Returns the handle of an import by its workflow id or the caller's id, without a request to the server. */
  get(id: string): ImportHandle;
  /**
   * Shows one import: where it stands, what it was given, what was read, saved, rejected and skipped.
   *
   * @throws NotFound neither the server nor the database knows the import
   * @throws InvalidInput the client was connected without `importRecords`, as for the three below
   *
   * @example
   * ```ts
   * const { status, saved, rejected } = await perennial.imports.view('customers-2026');
   * console.log(status, saved, rejected);
   * ```
   */
  view(id: string): Promise<ImportView>;
  /**
   * Lists imports, newest first. `after` of the filter is `next` of the page before. An import that was refused at its
   * start is not listed.
   *
   * @param options - most entries of the page, up to 500; 100 by default
   * @throws InvalidInput
   *
   * @example
   * ```ts
   * const filter = { schema: 'users', status: 'failed', since: '2026-01-01T00:00:00Z' } as const;
   * for (let after: string | undefined; ;) {
   *   const page = await perennial.imports.list({ ...filter, after });
   *   for (const { id, failure } of page.imports) console.log(id, failure?.message);
   *   if (page.next === null) break;
   *   after = page.next;
   * }
   * ```
   */
  list(filter?: ImportFilter, options?: Pick<ImportPaging, 'limit'>): Promise<ImportPage>;
  /**
   * Shows the rows that are there because of an import, page by page. A row that a later import has written anew belongs
   * to that one.
   *
   * @throws NotFound, InvalidInput
   *
   * @example
   * ```ts
   * const { rows, next } = await perennial.imports.rows('customers-2026', { limit: 20 });
   * for (const { line, key, values } of rows) console.log(line, key, values['email']);
   * console.log(next === null ? 'That was all.' : 'There are more.');
   * ```
   */
  rows(id: string, paging?: ImportPaging): Promise<ImportedRowPage>;
  /**
   * Opens all rows of an import as a file of CSV or JSON lines, of which one page at a time is in memory.
   *
   * @throws NotFound, InvalidInput
   */
  export(id: string, options?: ExportOptions): Promise<Readable>;
}
