/** What a worker runs of an application: its tasks as activities, and its workflows in the bundle. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Activities } from '../activities/shell/activity.ts';
import { shell, type ShellOptions } from '../activities/shell/shell.ts';
import { InvalidApplication } from '../application/faults.ts';
import type { OpenApplication } from '../application/open.ts';
import type { ProcessPorts } from '../application/ports.ts';
import { bundledText, type Bundled as Rows, type BundledRow, MARK } from '../contracts/tasks/bundled.ts';
import { bundleWithFiles, bundleWorkflows, QUIET, workflowsPath } from './bundle.ts';
import { keptBundle } from './bundle-cache.ts';

/** Wraps the bodies of an application as those of the product are wrapped. */
export function applicationActivities(
  { tasks }: Pick<OpenApplication, 'tasks'>,
  options: ShellOptions,
  ports: Pick<ProcessPorts, 'open'>,
): Activities {
  return Object.fromEntries(
    tasks.map((task) => [
      task.name,
      shell(
        task,
        task.schemas,
        async (input, context) => task.body(input, context, await ports.open(task.ports)),
        options,
      ),
    ]),
  );
}

/** The parts of an application that its bundle holds. */
type Bundled = Pick<OpenApplication, 'tasks' | 'workflows'>;

/** What {@link bundleApplication} needs. */
export interface BundleOptions {
  /** Workflows of the product, bundled ahead. @defaultValue bundled here */
  readonly bundleFile: string | undefined;
  /** Folder for the entry of a bundle with workflows of the application. */
  readonly folder: string;
}

/**
 * Bundles the workflows of the product and of an application, with the rows of the application's tasks. Without workflows of
 * its own nothing is bundled: the rows are written into the bundle of the product.
 *
 * @throws InvalidApplication with the bundler's own words, such as a module of Node that a workflow imports
 */
export async function bundleApplication(application: Bundled, options: BundleOptions): Promise<string> {
  const code = application.workflows.length === 0 ? await productCode(options) : await ownCode(application, options);
  return withRows(code, application);
}

async function productCode({ bundleFile }: BundleOptions): Promise<string> {
  return bundleFile === undefined ? (await bundleWorkflows()).code : readFile(bundleFile, 'utf8');
}

async function ownCode({ workflows }: Bundled, { folder }: BundleOptions): Promise<string> {
  const entry = path.join(folder, 'application-workflows.mjs');
  await writeFile(
    entry,
    [workflowsPath, ...workflows].map((file) => `export * from ${JSON.stringify(file)};\n`).join(''),
  );
  const told: string[] = [];
  const tell = (message: string): void => void told.push(message);
  try {
    return await keptBundle(path.join(folder, 'application-workflows.json'), () =>
      bundleWithFiles(entry, { ...QUIET, error: tell }),
    );
  } catch (error) {
    if (told.length === 0) throw error;
    throw new InvalidApplication([
      {
        field: workflows.map((file) => path.basename(file)).join(', '),
        expected: 'workflows that can be bundled',
        got: faultsIn(told.join('\n')),
        remedy:
          'Each workflow has a name that no other workflow of the application or of the product has; it imports other ' +
          'modules of workflows, packages that need nothing of Node, and anything else as types alone.',
      },
    ]);
  }
}

const MOST_LINES = 20;

/** The faults among all that the bundler tells, without its stacks. */
function faultsIn(text: string): string {
  const from = text.slice(Math.max(0, text.indexOf('ERROR in'))).split('\n');
  return from
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .slice(0, MOST_LINES)
    .join('\n');
}

/** The mark as the bundler writes it. */
const WRITTEN_MARK = new RegExp(`(["'])${MARK}\\1`, 'g');

function withRows(code: string, { tasks }: Bundled): string {
  if (tasks.length === 0) return code;
  const failures = Object.assign({}, ...tasks.map((task) => task.failures)) as Rows['failures']; // `Object.assign` loses the types
  const rows = JSON.stringify(bundledText({ tasks: tasks.map(rowOf), failures }));
  if (code.match(WRITTEN_MARK)?.length !== 1)
    throw new Error('expected a bundle of this version of Perennial, got one without a place for tasks; build it anew');
  return code.replace(WRITTEN_MARK, () => rows);
}

/** The sandbox needs the row alone. */
function rowOf(task: OpenApplication['tasks'][number]): BundledRow {
  const { kind: _kind, schemas: _schemas, ports: _ports, failures: _failures, body: _body, ...row } = task;
  return row;
}
