/** A person who begins, by docs/first-application.md: makes an application, runs it, calls it, changes it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installProduct } from '../../support/application/installed.ts';
import { examplesOf } from '../../support/docs/page.ts';
import { environment, expectShown, outputIn } from '../../support/docs/shell.ts';

const PAGE = 'docs/first-application.md';
const [making, running, using, ...others] = examplesOf(PAGE);

const WHERE = `
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { defineTask } from '@perennialjs/perennial';
export const where = defineTask(
  { name: 'text.where', queue: 'text.work', input: z.strictObject({}), output: z.string() },
  () => readFileSync(new URL('./greeting.txt', import.meta.url), 'utf8') + new URL(import.meta.url).pathname,
);
`;

/** A plug-in in the folder of the application, with a workflow in a module that nothing imports. */
const PLUGIN = `
import { definePlugin } from '@perennialjs/perennial';
export const greetings = definePlugin({
  name: 'greetings',
  workflows: [new URL('./greetings/greet-all.ts', import.meta.url)],
});
`;

let folder: string;
let dev: ChildProcess | undefined;
let shown = '';

async function change(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(path.join(folder, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(path.join(folder, file), text.replace(from, to));
}

const seen = (text: RegExp): Promise<void> => expect.poll(() => shown, { timeout: 60_000 }).toMatch(text);

const perennial = (command: string): Promise<string> => outputIn(folder, `npx perennial ${command}`);

async function counted(text: string): Promise<unknown> {
  const output = await perennial(`tasks call text.countWords --input '${JSON.stringify({ text })}' --wait`);
  return /result\s+(\d+)/.exec(output)?.[1];
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'perennial-writing-'));
  // In place of `npm install`: nothing is in a registry yet.
  await installProduct(folder);
});

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

/** Variables by which processes elsewhere use the servers of the running stack. */
async function serversOfStack(): Promise<NodeJS.ProcessEnv> {
  const state = path.join(folder, '.perennial');
  const { addresses } = JSON.parse(await readFile(path.join(state, 'stack.json'), 'utf8')) as {
    addresses: Readonly<Record<'temporal' | 'database', string>>;
  };
  const SEAL_KEYS = (await readFile(path.join(state, 'seal.keys'), 'utf8')).trim();
  return { TEMPORAL_ADDRESS: addresses.temporal, DATABASE_URL: addresses.database, SEAL_KEYS };
}

afterAll(async () => {
  await stop(dev);
  await rm(folder, { recursive: true, force: true });
});

// In order: each step needs the one before.
describe(PAGE, () => {
  it('makes an application whose test passes, and keeps what is there', async () => {
    expect(others).toEqual([]);
    await writeFile(path.join(folder, '.gitignore'), 'mine\n');
    await writeFile(path.join(folder, 'package.json'), '{ "name": "mine", "scripts": { "dev": "own" } }');
    const commands = (making?.code ?? '').trim().split('\n');
    expect(commands.filter((command) => command.startsWith('npm install'))).toHaveLength(2);
    const typed = commands.filter((command) => !command.startsWith('npm install'));
    const output = await outputIn(folder, typed.join('\n'));
    if (making !== undefined) expectShown(PAGE, making, output);
    expect(output).toMatch(/changed package\.json.*kept {4}\.gitignore/s);
    expect(await readFile(path.join(folder, '.gitignore'), 'utf8')).toBe('mine\n');
    const manifest: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({
      name: 'mine',
      scripts: { dev: 'own', worker: 'perennial worker' },
      type: 'module',
    });
    await expect(perennial('doctor')).rejects.toThrow(/error {4}temporal: no address.*start everything with/s);
    expect(await perennial('check')).toBe(
      'tasks: 2, modules of workflows: 1, schedules: 1, canvases: 1, routes: 0, queues: 1, fleets: 1, domains of the product: 0\n',
    );
  });

  it('runs it, and shows what calls and schedules give', async () => {
    dev = spawn('bash', ['-c', running?.code ?? ''], { cwd: folder, env: environment(folder), detached: true });
    for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (chunk) => (shown += String(chunk)));
    await seen(/Watching/);
    expect(await perennial('doctor')).toMatch(
      /ok {7}database: PostgreSQL.*ok {7}temporal\nok {7}workers: \d+ queues\nok {7}fleets: texts/s,
    );
    await expect(perennial('worker --fleet none')).rejects.toThrow(
      /WORKER_FLEET: expected one of all, rest, workflows, documents, messaging, billing, ai, data, media, texts, got 'none'/,
    );
    await expect(perennial('worker --fleet messaging')).rejects.toThrow(
      /WORKER_FLEET: expected a fleet with a queue that has tasks, got 'messaging'/,
    );
    const TEMPORAL_ADDRESS = /Temporal server is ready on (\S+)/.exec(shown)?.[1];
    if (using !== undefined) expectShown(PAGE, using, await outputIn(folder, using.code, { TEMPORAL_ADDRESS }));
  });

  it('runs changed code, and a broken module is told of while the others go on', async () => {
    await change('tasks/texts.ts', 'return text', 'return 100 + text');
    await seen(/tasks\/texts\.ts changed(.|\n)*runs the new code/);
    await expect.poll(() => counted('a b')).toBe('102');
    const broken = path.join(folder, 'tasks/broken.ts');
    await writeFile(broken, 'export const = 1;');
    await seen(/tasks\/broken\.ts: expected a module that loads/);
    expect(await counted('a b c')).toBe('103');
    // Elsewhere a faulty application is refused, before anything is connected.
    for (const command of ['check', 'worker', 'api'])
      await expect(perennial(command)).rejects.toThrow(/The application cannot be started:\s+tasks\/broken\.ts/);
    await rm(broken);
  });

  it('a workflow that cannot be bundled stops the worker with what is wrong, until it is mended', async () => {
    const workflow = 'workflows/count-both.ts';
    await change(workflow, 'import type', `import { hostname } from 'node:os';\nimport type`);
    await change(workflow, 'return call', 'hostname();\n  return call');
    await seen(/count-both\.ts: expected workflows that can be bundled, got(.|\n)*node:os(.|\n)*nothing of Node/);
    shown = '';
    await change(workflow, `import { hostname } from 'node:os';\n`, '');
    await change(workflow, 'hostname();\n  ', '');
    await seen(/runs the new code/);
    expect(await counted('a b')).toBe('102');
  });

  it('is not built while anything is wrong, in any module', async () => {
    // The compiled modules have no declarations here; integration/package compiles the same files with those of the package.
    await change('tsconfig.json', '"strict": true', '"strict": false');
    await change('tasks/texts.ts', 'return 100 + text', "const wrong: number = 'one';\n    return wrong + text");
    await writeFile(path.join(folder, 'tasks/empty.ts'), 'export const nothing = 1;');
    await expect(perennial('build')).rejects.toThrow(
      /tasks\/texts\.ts\(\d+,\d+\): error TS2322(.|\n)*tasks\/empty\.ts: expected a module that exports a task/,
    );
    await expect(access(path.join(folder, 'dist'))).rejects.toThrow('ENOENT');
    await rm(path.join(folder, 'tasks/empty.ts'));
    await change('tasks/texts.ts', "const wrong: number = 'one';\n    return wrong + text", 'return 100 + text');
  });

  it('is built for production, without what is no longer there; a worker runs what was built without sources and compiler', async () => {
    await writeFile(path.join(folder, 'tasks/where.ts'), WHERE);
    await writeFile(path.join(folder, 'tasks/greeting.txt'), 'from ');
    await writeFile(path.join(folder, 'greetings.ts'), PLUGIN);
    await mkdir(path.join(folder, 'greetings'));
    await writeFile(path.join(folder, 'greetings/greet-all.ts'), 'export const greetAll = () => Promise.resolve(1);\n');
    await change('perennial.config.ts', 'defineConfig({', 'defineConfig({ plugins: [greetings],');
    await change('perennial.config.ts', 'import', "import { greetings } from './greetings.ts';\nimport");
    await writeFile(path.join(folder, 'tasks/deleted.txt'), '');
    await mkdir(path.join(folder, 'dist'));
    await writeFile(path.join(folder, 'dist/own.txt'), '');
    expect(await perennial('build')).toContain(`Built ${path.join(folder, 'dist')}`);
    await access(path.join(folder, 'dist/tasks/deleted.txt'));
    await rm(path.join(folder, 'tasks/deleted.txt'));
    await perennial('build');
    await expect(access(path.join(folder, 'dist/tasks/deleted.txt'))).rejects.toThrow('ENOENT');
    await access(path.join(folder, 'dist/own.txt'));
    const built = path.join(folder, 'built');
    await cp(path.join(folder, 'dist'), path.join(built, 'dist'), { recursive: true });
    expect(await outputIn(built, 'npx perennial check')).toMatch(/^tasks: 3, modules of workflows: 1, schedules: 1/);
    const env = { ...environment(built), ...(await serversOfStack()), ENVIRONMENT: 'development' };
    const command = [path.join(folder, 'node_modules/.bin/perennial'), 'worker'];
    const worker = spawn(process.execPath, command, { cwd: built, env, detached: true });
    try {
      const where = (): Promise<string> => perennial('tasks call text.where --wait');
      await expect.poll(where, { timeout: 60_000 }).toContain(`from ${path.join(built, 'dist/tasks/where.js')}`);
    } finally {
      await stop(worker);
    }
  });
});
