/** The interface of data. */
import type {
  CleanInput,
  CleanOutput,
  ExportInput,
  ExportOutput,
  ProfileInput,
  ProfileOutput,
  UndoCleanInput,
  UndoCleanOutput,
} from '../../contracts/data/schema.ts';
import type { TaskHandle } from '../tasks/types.ts';

/**
 * Whose work it is, where one installation serves several tenants.
 *
 * @example
 * ```ts
 * import type { DataOptions } from './client/index.ts';
 *
 * const options: DataOptions = { tenant: 'acme' };
 * console.log(perennial.data.uploadPlace('ada', options));
 * ```
 */
export interface DataOptions {
  /** @defaultValue none */
  readonly tenant?: string | undefined;
}

/**
 * Uploaded tables. Inputs are checked before anything is started (`InvalidInput`).
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import type { ManifestStore } from './client/index.ts';
 *
 * async function profile(store: ManifestStore, path: string) {
 *   const file = await store.put(perennial.data.uploadPlace('ada'), await readFile(path));
 *   const task = await perennial.data.profile({ userId: 'ada', file, fileId: 'orders-2026' });
 *   return task.result();
 * }
 * ```
 */
export interface DataJobs {
  /** Returns the folder in the blob store for uploads of a user; a file from elsewhere is not theirs. */
  uploadPlace(userId: string, options?: DataOptions): string;
  /**
   * Reads a table once and reports what stands in it. The same `fileId` is the same file.
   *
   * @throws Conflict the id belongs to another file
   */
  profile(input: ProfileInput, options?: DataOptions): Promise<TaskHandle<ProfileOutput>>;
  /**
   * Applies suggested fixes to a table that was read. The same `cleaningId` is the same cleaning.
   *
   * @example
   * ```ts
   * const task = await perennial.data.clean({ userId: 'ada', fileId: 'orders-2026', cleaningId: 'first' });
   * console.log((await task.result()).changed_cells);
   * ```
   */
  clean(input: CleanInput, options?: DataOptions): Promise<TaskHandle<CleanOutput>>;
  /**
   * Puts the table from before a cleaning back; later cleanings are undone before.
   *
   * @example
   * ```ts
   * await perennial.data.undoClean({ userId: 'ada', fileId: 'orders-2026', cleaningId: 'first' });
   * ```
   */
  undoClean(input: UndoCleanInput, options?: DataOptions): Promise<TaskHandle<UndoCleanOutput>>;
  /**
   * Writes a table of a user as a file. The same `exportId` is the same file.
   *
   * @example
   * ```ts
   * const task = await perennial.data.export({ userId: 'ada', fileId: 'orders-2026', format: 'parquet' });
   * console.log((await task.result()).file.key);
   * ```
   */
  export(input: ExportInput, options?: DataOptions): Promise<TaskHandle<ExportOutput>>;
}
