/** The interface of the imports domain. */
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { ImportInput, ImportResult } from '../../contracts/imports/schema.ts';
import type { ImportProgress } from '../../contracts/imports/vocabulary.ts';
import type { FailureRecord } from '../../contracts/failures.ts';
import type { FollowOptions, JobHandle, JobStatus } from '../connection/jobs.ts';

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
  start(input: ImportInput, options?: { readonly id?: string | undefined }): Promise<ImportHandle>;
  /** Returns the handle of an import by its workflow id or the caller's id, without a request to the server. */
  get(id: string): ImportHandle;
}
