/** The bundle of all workflows, built once for all processes of a run: building it takes seconds of one core. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { withLock } from '../../../stack/state.ts';
import { bundleWorkflows } from '../../../workers/bundle.ts';
import { runFolder } from './run-folder.ts';

/** What decides about the bundle: the folders that may reach the sandbox, the bundler's settings and the packages. */
const SOURCES = ['workflows', 'canvas', 'concurrency', 'contracts', 'workers/bundle.ts', 'package-lock.json'];

const root = path.resolve(import.meta.dirname, '../../..');

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

/** The bundle of all workflows of the product. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  return (bundle ??= load());
}

async function load(): Promise<WorkflowBundleWithSourceMap> {
  const file = await bundleFile();
  return file === undefined ? bundleWorkflows() : { code: readFileSync(file, 'utf8'), sourceMap: 'in the code' };
}

/** The file of the bundle, for `WORKFLOW_BUNDLE`; `undefined` in scripts that run without the set-up. */
export async function bundleFile(): Promise<string | undefined> {
  const folder = runFolder();
  if (folder === undefined) return undefined;
  // Named after its sources, so that a run that watches them never serves an old one.
  const file = path.join(folder, `workflows-${stampOf(SOURCES)}.js`);
  return withLock(`${file}.lock`, async () => {
    if (existsSync(file)) return file;
    const { code } = await bundleWorkflows();
    await writeFile(`${file}.new`, code);
    await rename(`${file}.new`, file);
    return file;
  });
}

function stampOf(sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const source of sources) for (const file of filesOf(source)) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesOf(source: string): readonly string[] {
  const whole = path.join(root, source);
  if (path.extname(source) !== '') return [whole];
  const entries = readdirSync(whole, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** Bundles the text of a module with workflows. It lies outside of git, inside the repository so that packages resolve. */
export async function bundleOf(code: string): Promise<WorkflowBundleWithSourceMap> {
  const parent = path.join(root, '.perennial/tmp');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, 'workflows-'));
  try {
    writeFileSync(path.join(folder, 'index.ts'), code);
    return await bundleWorkflows(path.join(folder, 'index.ts'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
