/** Runs the commands of docs/watching.md as a reader would, and holds the page to what it says they print. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPerennial, type PerennialClient } from '../../../client/index.ts';
import { loadConfig } from '../../../config/load.ts';
import { projectDir } from '../../../config/project.ts';
import { documentWorkflows } from '../../../contracts/documents/vocabulary.ts';
import { lineReporter } from '../../../stack/reporter.ts';
import { startStack, type Stack } from '../../../stack/supervisor.ts';
import { defaultCacheDir, findTemporal } from '../../../stack/temporal/binary.ts';
import { contains, examplesOf } from '../../support/docs/page.ts';
import { FREE_PORTS } from '../../support/servers/stack.ts';

const PAGE = 'docs/watching.md';
const INVOICE = '13-invoice.pdf';
const SAMPLES = [...['01-letter.png', '02-leaflet.png', '03-photo.jpg', '04-skewed.png', '05-noisy.png'], INVOICE];

const examples = examplesOf(PAGE);
const run = promisify(execFile);

let folder: string;
let stack: Stack;
let client: PerennialClient;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-watching-'));
  const [inbox, commands] = ['inbox', 'bin'].map((name) => path.join(folder, name)) as [string, string]; // two names, two paths
  mkdirSync(inbox);
  mkdirSync(commands);
  for (const name of SAMPLES) copyFileSync(path.join(projectDir, 'samples', name), path.join(inbox, name));
  const own = {
    STATE_DIR: path.join(folder, 'state'),
    DOCUMENT_ROOTS: inbox,
    SHUTDOWN_GRACE_MS: '2000',
    ...FREE_PORTS,
  };
  const lines: string[] = [];
  stack = await startStack({
    config: loadConfig({ ...process.env, ...own, TEMPORAL_ADDRESS: '', DATABASE_URL: '' }),
    log: lineReporter((line) => lines.push(line)),
    components: ['temporal', 'postgres', 'worker'],
    postgresSettings: { fsync: 'off' },
  }).catch((error: unknown) => {
    throw new Error(`the stack did not start:\n${lines.join('\n')}`, { cause: error });
  });
  client = await connectPerennial({ address: stack.addresses.temporal, namespace: stack.addresses.namespace });
  const { path: temporal } = await findTemporal({ log: (line) => lines.push(line) });
  symlinkSync(temporal, path.join(commands, 'temporal'));
  env = {
    ...process.env,
    PATH: [commands, process.env['PATH']].join(path.delimiter),
    TEMPORAL_ADDRESS: stack.addresses.temporal,
    TEMPORAL_NAMESPACE: stack.addresses.namespace,
    DOCUMENT_ID: await readInvoice(),
  };
});

afterAll(async () => {
  await client.close();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Reads a document, so that there is one whose id the page can use. */
async function readInvoice(): Promise<string> {
  const batch = await client.documents.batchOcr({ paths: [INVOICE], backend: 'tesseract' }, { id: 'invoice' });
  return (await batch.result()).outcomes?.[0]?.documentId ?? '';
}

/** A reader is slower than we are: a batch that is to be cancelled has begun by then. */
async function untilBegun(code: string): Promise<void> {
  const id = /workflow cancel --workflow-id (\S+)/.exec(code)?.[1];
  if (id === undefined) return;
  while ((await client.documents.getBatch(id).progress()).phase === 'preparing') await sleep(50);
}

/** What the commands print on both outputs; rejects when one of them fails. */
async function outputOf(code: string): Promise<string> {
  const { stdout, stderr } = await run('bash', ['-e', '-u', '-o', 'pipefail', '-c', code], {
    cwd: folder,
    env,
    timeout: 120_000,
  });
  return `${stdout}${stderr}`;
}

describe(PAGE, () => {
  it('shows every workflow, every message of a batch and what each command prints', () => {
    const code = examples.map((example) => example.code).join('\n');
    for (const name of Object.values(documentWorkflows)) expect(code).toContain(`--type ${name} `);
    for (const verb of ['list', 'show', 'start', 'signal', 'query', 'cancel', 'result', 'describe'])
      expect(code).toContain(`temporal workflow ${verb} `);
    for (const text of ['--name pause', '--name resume', '--type progress']) expect(code).toContain(text);
    expect(examples.filter(({ shown }) => shown.length === 0)).toEqual([]);
  });

  it('says where the stack keeps the command that it fetches', () => {
    const place = defaultCacheDir({}).replace(homedir(), '~');
    expect(readFileSync(path.join(projectDir, PAGE), 'utf8')).toContain(`\`${place}\``);
  });

  // In one test: the blocks tell one story, and each needs the one before.
  it('prints what it says', async () => {
    for (const { line, code, shown } of examples) {
      await untilBegun(code);
      const output = await outputOf(code).catch((error: unknown) => {
        throw new Error(`the commands at ${PAGE}:${String(line)} failed`, { cause: error });
      });
      for (const text of shown)
        expect(contains(output, text), `${PAGE}:${String(line)} says "${text}", got:\n${output}`).toBe(true);
    }
  });
});

describe('the comparison itself', () => {
  it.each([
    ['Status   COMPLETED', 'Status COMPLETED', true],
    ['{"a":1,"b":2}', '{"a":…,"b":2}', true],
    ['{"a":1}\n{"b":2}', '{"a":…,"b":2}', false],
    ['Status FAILED', 'Status COMPLETED', false],
  ])('of %j with %j says %s', (output, shown, expected) => {
    expect(contains(output, shown)).toBe(expected);
  });
});
