/** Deletes old entries from the folder of temporary files. */
import type { Stats } from 'node:fs';
import { lstat, opendir, realpath, rmdir, unlink } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { PerennialError } from '../../contracts/failures.ts';
import type { Skipped, TempFiles, TempFilesOptions, TempFilesReport } from './port.ts';

/** Settings of {@link createTempFiles}. */
export interface TempFilesSettings {
  readonly root: string;
  /** Folders that must not be cleaned; neither may a folder that contains one of them. */
  readonly protectedFolders: readonly string[];
}

const EXAMPLES = 20;

/** Deepest folder that is cleaned; deeper trees do not occur on purpose. */
const MAX_DEPTH = 100;

/** Creates the clean-up of the folder `root`. A missing folder counts as empty. */
export function createTempFiles({ root, protectedFolders }: TempFilesSettings): TempFiles {
  return {
    clean: async (options) => {
      const sweep = new Sweep(options);
      const real = await realpath(root).catch(noSuchFolder);
      if (real === undefined) return sweep.report();
      await requireSafe(real, protectedFolders);
      await sweep.folder(real, '', (await lstat(real)).dev, 0);
      return sweep.report();
    },
  };
}

function noSuchFolder(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw new PerennialError('StorageUnavailable', `Expected TEMP_DIR to be readable, got ${codeOf(error)}.`);
}

/** Refuses a wrong TEMP_DIR such as `/` or the home folder, which would delete foreign files. */
async function requireSafe(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const real = await realpath(folder).catch(() => resolve(folder));
    const path = relative(root, real);
    const holds = path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path));
    if (!holds) continue;
    throw new PerennialError(
      'TempFolderUnsafe',
      `Expected TEMP_DIR to hold only temporary files, but ${root} is or contains ${real}. Choose another folder.`,
    );
  }
}

class Sweep {
  readonly #options: TempFilesOptions;
  readonly #examples: Skipped[] = [];
  #files = 0;
  #folders = 0;
  #bytes = 0;
  #skipped = 0;

  constructor(options: TempFilesOptions) {
    this.#options = options;
  }

  report(): TempFilesReport {
    return {
      files: this.#files,
      folders: this.#folders,
      bytes: this.#bytes,
      skipped: this.#skipped,
      examples: this.#examples,
    };
  }

  /** Cleans a folder; returns whether it is then empty. */
  async folder(path: string, name: string, device: number, depth: number): Promise<boolean> {
    // The folder may have been replaced by a link since it was listed.
    if ((await realpath(path)) !== path) return this.#skip(name, 'ELOOP');
    let isEmpty = true;
    for await (const entry of await opendir(path)) {
      this.#options.signal.throwIfAborted();
      const gone = await this.#entry(join(path, entry.name), join(name, entry.name), device, depth);
      isEmpty &&= gone;
    }
    return isEmpty;
  }

  async #entry(path: string, name: string, device: number, depth: number): Promise<boolean> {
    try {
      // `lstat` is used, because a link is an entry of its own wherever it leads.
      const facts = await lstat(path);
      return facts.isDirectory()
        ? await this.#tree(path, name, facts, device, depth)
        : await this.#file(path, name, facts);
    } catch (error) {
      if (this.#options.signal.aborted) throw error;
      const code = codeOf(error);
      return code === 'ENOENT' || this.#skip(name, code);
    }
  }

  async #file(path: string, name: string, facts: Stats): Promise<boolean> {
    if (facts.mtime >= this.#options.before) return false;
    if (facts.isBlockDevice() || facts.isCharacterDevice()) return this.#skip(name, 'a device');
    if (!this.#options.dryRun) await unlink(path);
    this.#files += 1;
    // A file with a second name occupies its space until that name is deleted too.
    if (facts.nlink === 1) this.#bytes += facts.size;
    return true;
  }

  async #tree(path: string, name: string, facts: Stats, device: number, depth: number): Promise<boolean> {
    if (facts.dev !== device) return this.#skip(name, 'another file system');
    if (depth >= MAX_DEPTH) return this.#skip(name, 'nested too deep');
    const isEmpty = await this.folder(path, name, device, depth + 1);
    // The age is from before the clean-up, because deleting entries changes the time of the folder.
    if (!isEmpty || facts.mtime >= this.#options.before) return false;
    if (!this.#options.dryRun) await rmdir(path);
    this.#folders += 1;
    return true;
  }

  #skip(name: string, reason: string): false {
    this.#skipped += 1;
    if (this.#examples.length < EXAMPLES) this.#examples.push({ name: name.slice(0, 200), reason });
    return false;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
}
