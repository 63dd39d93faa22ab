/** What a caller can do with imports. */
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { ImportInput, ImportResult } from '../../contracts/imports/schema.ts';
import type { ImportProgress } from '../../contracts/imports/vocabulary.ts';
import type { FollowOptions, JobHandle } from '../connection/jobs.ts';

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
  /** Gives the progress whenever it has changed, and ends with the import. */
  follow(options?: FollowOptions): AsyncIterable<ImportProgress>;
  /** Waits for the end; where the rejects file is, `undefined` when nothing was rejected. */
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
   * Starts an import, or joins it when one with this id is running or done: the
   * same id is the same import.
   *
   * @throws Conflict the id belongs to an import of something else that is running or done
   * @throws PerennialError `ImportSchemaUnknown`
   */
  start(input: ImportInput, options?: { readonly id?: string | undefined }): Promise<ImportHandle>;
  /** The handle of an import, by its workflow id or the id it was started with. Does not ask the server. */
  get(id: string): ImportHandle;
}
