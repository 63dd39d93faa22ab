/** Finds a running stack, or starts one for the demo. */
import { cp, mkdir, stat } from 'node:fs/promises';
import { basename, delimiter, join, resolve } from 'node:path';
import { withVariables } from '../../config/load.ts';
import type { Config } from '../../config/types.ts';
import type { Reporter } from '../reporter.ts';
import { readStack, type StackAddresses } from '../state.ts';
import { startStack, type Stack } from '../supervisor.ts';

/** The stack of the demo, and the paths for the batch. */
export interface DemoStack {
  readonly addresses: StackAddresses;
  /** Paths under which workers find the documents. */
  readonly paths: readonly string[];
  /** Stops the stack; absent when the demo did not start it. */
  readonly own: Stack | undefined;
}

/** Uses a running stack, or starts one whose workers may read `paths`. */
export async function demoStack(
  config: Config,
  paths: readonly string[],
  log: Reporter,
  signal: AbortSignal,
): Promise<DemoStack> {
  const running = readStack(config.stateDir);
  if (running !== undefined) {
    log.note('Using the stack that runs already');
    return { addresses: running.addresses, paths: await intoInbox(config.stateDir, paths), own: undefined };
  }
  const roots = [...config.documents.roots, ...paths.map((path) => resolve(path))].join(delimiter);
  const own = await startStack({ config: withVariables(config, { DOCUMENT_ROOTS: roots }), log, signal });
  return { addresses: own.addresses, paths, own };
}

/** Copies the files to a folder that running workers may read. */
async function intoInbox(stateDir: string, paths: readonly string[]): Promise<string[]> {
  const folder = join(stateDir, 'inbox', `demo-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  await mkdir(folder, { recursive: true });
  return Promise.all(
    paths.map(async (path, index) => {
      await stat(path);
      const copy = join(folder, `${String(index + 1)}-${basename(path)}`);
      await cp(path, copy, { recursive: true });
      return copy;
    }),
  );
}
