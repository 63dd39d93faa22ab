/** The package, installed from its archive into an empty folder, as a user has it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILES } from '../../../cli/application/files.ts';
import { blocksOf } from '../../../scripts/docs/blocks.ts';
import { REPOSITORY } from '../../../scripts/package/build.ts';
import { nextFreePort } from '../../../stack/ports.ts';
import { interpolate, readCompose } from '../../support/compose.ts';
import { startTaskWorld, type TaskWorld } from '../../support/tasks.ts';
import { type Application, command, COMPILER, installApplication } from './application.ts';
import { buildImage, installNamed, removeTools, type Running, startIn } from './image.ts';

const MEGABYTE = 1_000_000;

let app: Application;
let world: TaskWorld;
beforeAll(async () => {
  [app, world] = await Promise.all([installApplication(), startTaskWorld()]);
});
afterAll(async () => {
  await world.stop();
  await app.remove();
});

/** A block of the page about installing, by the file that it shows. */
function shown(file: string): string {
  const block = blocksOf(REPOSITORY, 'docs/installing.md').find((found) => found.path === file);
  if (block === undefined) throw new TypeError(`docs/installing.md: expected a block ${file}, found none`);
  return block.code;
}

/** Everything that is public must have a type: what is missing from the package would be `any`. */
const STRICT = { target: 'es2023', strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false };
const RESOLUTIONS = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const;

/** Further versions of Node, from `npm run test:package`. */
const OTHER_NODES = (process.env['PACKAGE_NODES'] ?? '').split(path.delimiter).filter((file) => file !== '');

/** Its declarations do not compile with these settings. */
const OF_TEMPORAL = /^node_modules\/@temporalio\//;

const MISTAKES = `
import { chain, task } from '@perennialjs/perennial/canvas';
import type { PerennialClient } from '@perennialjs/perennial/client';
import { tasksByDomain, type TaskName } from '@perennialjs/perennial/contracts';
import { group, tasks } from '@perennialjs/perennial/workflow';
import { defineTask } from '@perennialjs/perennial';
import { z } from 'zod';

declare const perennial: PerennialClient;
const { addOne, sum } = tasksByDomain.samples;
// @ts-expect-error there is no such task
perennial.task('samples.nothing');
// @ts-expect-error a field is missing
await perennial.task('samples.add').call({ a: 1 });
// @ts-expect-error the result is a number
const text: string = await (await perennial.task('samples.add').call({ a: 1, b: 2 })).result();
// @ts-expect-error a number is no list of numbers
chain(task(addOne).si({ data: 1 }), task(sum).into('data', {}));
// @ts-expect-error a text is no number
group([tasks.samples.addOne({ data: 'one' })]);
// @ts-expect-error the reports have no such method
perennial.reports.nothing();
// @ts-expect-error a name is not just any text
const name: TaskName = 'anything';
const shape = { name: 'text.words', input: z.object({ text: z.string() }), output: z.object({ words: z.int() }) };
defineTask(shape, ({ text }) => ({ words: text.length }));
// @ts-expect-error the output has words
defineTask(shape, ({ text }) => ({ letters: text.length }));
export { name, text };
`;

/** Notes every module that Node loads. */
const NOTES = `
import { appendFileSync } from 'node:fs';
import module from 'node:module';
const hooks = \`
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
export function load(url, context, next) {
  if (url.startsWith('file:')) appendFileSync(process.env.LOADED, fileURLToPath(url) + '\\\\n');
  return next(url, context);
}\`;
module.register('data:text/javascript,' + encodeURIComponent(hooks));
`;

describe('the packed files', () => {
  it.each(Object.entries(RESOLUTIONS))(
    'let the examples compile and refuse what is wrong with %s',
    async (_, resolution) => {
      const compilerOptions = { ...STRICT, ...resolution, types: ['node'], lib: ['es2023', 'esnext.disposable'] };
      const files = ['call.ts', 'workflows.ts', 'mistakes.ts'];
      await app.write('call.ts', shown('call.ts'));
      await app.write('workflows.ts', shown('workflows.ts'));
      await app.write('mistakes.ts', MISTAKES);
      await app.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
      const { output } = await app.node([COMPILER, '-p', '.']);
      expect(output.split('\n').filter((line) => /error TS/.test(line) && !OF_TEMPORAL.test(line))).toEqual([]);
    },
  );

  it('let the files of a first application compile, which `npm create` makes and then leaves as they are', async () => {
    const create = path.join(app.installed, '../../.bin/create-perennial');
    const made = await app.node([create, 'first']);
    expect(made).toMatchObject({
      code: 0,
      output: expect.stringMatching(/made {4}tasks\/texts\.ts(.|\n)*cd first/) as string,
    });
    expect(await app.node([create, 'first'])).toMatchObject({ output: expect.not.stringContaining('made') as string });
    expect(Object.keys(FILES).filter((file) => !existsSync(path.join(app.installed, '../../../first', file)))).toEqual(
      [],
    );
    const { output } = await app.node([COMPILER, '-p', 'first']);
    expect(output.split('\n').filter((line) => /error TS/.test(line))).toEqual([]);
  });

  it('run as plain JavaScript against a server', async () => {
    await app.write('call.js', shown('call.ts'));
    const { address, namespace } = world.temporal.endpoint;
    const env = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
    const outputs = await world.withWorkers(async () => {
      const ended = [await app.node(['call.js'], env)];
      for (const node of OTHER_NODES) ended.push(await app.node(['call.js'], env, node));
      return ended;
    });
    for (const ended of outputs) expect(ended).toEqual({ code: 0, output: '1 + 2 = 3\n3² + 4² = 25\n' });
  });

  it('bring a command that helps, and names the packages which another one misses', async () => {
    const perennial = (...args: string[]) => app.node([path.join(app.installed, 'bin/perennial.mjs'), ...args]);
    expect(await perennial('--help')).toMatchObject({ code: 0, output: expect.stringContaining('init') as string });
    const worker = await perennial('worker');
    expect(worker.output).toMatch(/^perennial: .* npm install (\S+ )*\bpg\b/);
    expect(worker.output).not.toContain('zod');
    expect(worker.code).toBe(1);
  });

  it.each([
    [['--help'], 25, 0.4],
    [['tasks', 'call', 'samples.add'], 60, 4],
  ] as const)('load little for %j', async (args, mostModules, mostMegabytes) => {
    await app.write('notes.mjs', NOTES);
    const env = { LOADED: path.join(app.installed, '../../../loaded.txt'), STATE_DIR: 'none' };
    const { output } = await app.node(
      ['--import', './notes.mjs', path.join(app.installed, 'bin/perennial.mjs'), ...args],
      env,
    );
    expect(output).toMatch(args.length === 1 ? /Usage/ : /not running/);
    const loaded = readFileSync(env.LOADED, 'utf8').trim().split('\n');
    await app.write('loaded.txt', '');
    expect(loaded.length).toBeGreaterThan(5);
    expect(loaded.length, loaded.join('\n')).toBeLessThan(mostModules);
    const bytes = loaded.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThan(mostMegabytes * MEGABYTE);
  });

  it('DEPLOY-1 make an image of a first application, whose services run, answer and stop as its compose.yaml says', async () => {
    const folder = path.join(app.installed, '../../../shipped');
    await app.node([path.join(app.installed, 'bin/perennial.mjs'), 'init', 'shipped']);
    await app.write('shipped/package-lock.json', '{}');
    await app.write('shipped/.env', 'SECRET=1');
    const image = await buildImage(folder, path.join(folder, '../image'), {
      'npm ci --ignore-scripts': (stage) => installNamed(stage, app.installed),
      'npm prune --omit=dev --ignore-scripts': removeTools,
      'mkdir /blobs': () => mkdir(path.join(folder, '../blobs')).then(() => undefined),
      'chown node:node /blobs': () => Promise.resolve(),
    });
    expect(readdirSync(image.folder).sort()).toEqual(['dist', 'node_modules', 'package.json']);
    const { services } = readCompose(readFileSync(path.join(folder, 'compose.yaml'), 'utf8'));
    const { address, namespace, sealKeys } = world.temporal.endpoint;
    const port = await nextFreePort(0);
    const start = (name: string, health = 0, instead?: readonly string[]): Running => {
      const { command = [], environment } = services[name]!;
      const asked = Object.entries(environment).map(([key, value]) => [key, interpolate(value)]);
      return startIn(image, instead ?? command, {
        ...(Object.fromEntries(asked) as Record<string, string>),
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: namespace,
        SEAL_KEYS: sealKeys,
        DATABASE_URL: world.database.url,
        BLOB_URL: pathToFileURL(path.join(folder, '../blobs')).href,
        STATE_DIR: path.join(folder, '../state', name),
        API_PORT: String(port),
        HEALTH_PORT: String(health),
      });
    };
    const isHealthy = async (name: string, at: number): Promise<boolean> => {
      const [, program = '', ...args] = services[name]!.healthcheck!.test;
      const { code } = await app.node(
        args.map((arg) => arg.replace(/:(8080|9091)\//, `:${String(at)}/`)),
        {},
        program,
      );
      return code === 0;
    };
    const migrated = start('migrate');
    expect([await migrated.ended, migrated.said()]).toEqual([0, 'up to date\n']);
    const ports = {
      'worker-rest': await nextFreePort(port + 1),
      'worker-texts': await nextFreePort(port + 20),
      api: port,
    };
    const running = Object.entries(ports).map(([name, at]) => start(name, at));
    for (const [name, at] of Object.entries(ports))
      await expect.poll(() => isHealthy(name, at), { timeout: 60_000 }).toBe(true);
    const synced = start('schedules');
    expect(await synced.ended, synced.said()).toBe(0);
    expect(synced.said()).toContain('nightly-count');
    const call = ['tasks', 'call', 'text.countWords', '--input', '{"text":"one two three"}', '--wait'];
    const called = start('api', 0, call);
    expect(await called.ended, called.said()).toBe(0);
    expect(called.said()).toMatch(/result\s+3/);
    expect(await Promise.all(running.map((one) => one.stop()))).toEqual([0, 0, 0]);
  });

  it('have nothing that publint or arethetypeswrong object to', async () => {
    const [lint, types] = await Promise.all([
      app.node([command('publint'), 'run', app.installed, '--strict', '--pack', 'false']),
      app.node([command('attw'), app.archive, '--profile', 'esm-only', '--no-definitely-typed', '--no-emoji']),
    ]);
    expect(lint.output).toMatch(/All good!/);
    expect(types, types.output).toHaveProperty('code', 0);
  });

  it('take less than 40 MB beside the client of Temporal', () => {
    const bytes = app.bytesBeside(['@temporalio/client']);
    expect(bytes).toBeGreaterThan(MEGABYTE);
    expect(bytes).toBeLessThan(40 * MEGABYTE);
  });

  it('hold neither sources nor paths of the machine that built them', () => {
    const files = readdirSync(app.installed, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const names = files.map((file) => path.join(file.parentPath, file.name));
    expect(names.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))).toEqual([]);
    const maps = names.map((name) => readFileSync(name, 'utf8')).map((text) => text + mapOf(text));
    expect(names.filter((_, index) => maps[index]!.includes(REPOSITORY))).toEqual([]);
  });
});

/** The source map at the end of a script, readable. */
function mapOf(text: string): string {
  const encoded = /sourceMappingURL=data:application\/json;[^,]*base64,([\w+/=]+)/.exec(text)?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString();
}
