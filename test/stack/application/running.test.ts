/** An application in a folder of its own: its tasks, queue, workflow and schedule on a real stack. */
import { appendFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { chord, task } from '../../../canvas/build/builders.ts';
import { loadApplication } from '../../../application/load.ts';
import { connectPerennial, type PerennialClient } from '../../../client/index.ts';
import { loadConfig } from '../../../config/load.ts';
import { projectDir } from '../../../config/project.ts';
import type { Config } from '../../../config/types.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { defineFailures, defineTask } from '../../../define/index.ts';
import { examinations } from '../../../stack/doctor/checks.ts';
import { lineReporter } from '../../../stack/reporter.ts';
import { followChanges } from '../../../stack/watch.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';

/** What the application defines, as its clients know it. */
const texts = {
  countWords: defineTask(
    { name: 'text.countWords', queue: 'text.work', input: z.strictObject({ text: z.string() }), output: z.int() },
    () => 0,
  ),
  total: defineTask(
    {
      name: 'text.total',
      parameters: ['counts'],
      input: z.strictObject({ counts: z.array(z.int()) }),
      output: z.int(),
    },
    () => 0,
  ),
};

const shopFailures = defineFailures({
  OutOfStock: { class: 'permanent', httpStatus: 409, cause: 'Too few pieces.', remedy: 'Order fewer.' },
});
const reserve = defineTask(
  {
    name: 'shop.reserve',
    input: z.strictObject({ pieces: z.int() }),
    output: z.int(),
    failures: [shopFailures],
  },
  () => 0,
);

const perennial = (name: string): string => JSON.stringify(path.join(projectDir, 'dist', name));

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'perennial.config.ts': `
import { defineConfig } from ${perennial('define/index.js')};
import { appendFileSync } from 'node:fs';
import { shop } from './plug-in.ts';
const note = (line) => appendFileSync(new URL('./notes.txt', import.meta.url), line + '\\n');
export default defineConfig({
  queues: { 'text.work': { slots: 2 } },
  fleets: { texts: { queues: ['text.work'], slots: 3, processes: 2 } },
  plugins: [shop()],
  hooks: [{
    workerReady: ({ fleet }) => note('ready ' + fleet),
    taskStarted: ({ task }) => note(process.env.WORKER_FLEET + ' runs ' + task),
    taskFailed: ({ task, error }) => note(task + ' ' + error.type),
  }],
});
`,
  'plug-in.ts': `
import { z } from 'zod';
import { defineFailures, definePlugin, definePort, defineRoute, defineTask, setting } from ${perennial('define/index.js')};
const failures = defineFailures({
  OutOfStock: { class: 'permanent', httpStatus: 409, cause: 'Too few pieces.', remedy: 'Order fewer.' },
});
const stock = definePort({
  name: 'shop.stock',
  settings: { pieces: setting.number('STOCK_PIECES', 1, { min: 0, max: 99 }, { doc: 'Pieces in stock.' }) },
  open: ({ pieces }) => ({ pieces }),
});
const reserve = defineTask(
  { name: 'shop.reserve', input: z.strictObject({ pieces: z.int() }), output: z.int(), failures: [failures], ports: { stock } },
  ({ pieces }, _context, ports) => {
    if (pieces > ports.stock.pieces) throw failures.error('OutOfStock', 'expected ' + pieces + ', got ' + ports.stock.pieces);
    return ports.stock.pieces - pieces;
  },
);
const closed = defineFailures({ StockClosed: { class: 'transient', httpStatus: 423, cause: 'Closed.', remedy: 'Come again.' } });
const left = defineRoute(
  { method: 'get', path: '/stock/:sku', summary: 'Pieces in stock', answer: z.strictObject({ sku: z.string(), pieces: z.int() }), ports: { stock }, failures: [closed] },
  ({ params, query }, ports) => {
    if (query.least > ports.stock.pieces) throw closed.error('StockClosed', 'expected ' + query.least);
    return { sku: params.sku, pieces: query.wrong === undefined ? ports.stock.pieces : 'secret' };
  },
);
const order = defineRoute(
  { method: 'post', path: '/orders', summary: 'Order pieces', body: z.strictObject({ pieces: z.int() }), answer: z.int() },
  async ({ body, client }) => (await client.task(reserve).call(body)).result(),
);
export const shop = () => definePlugin({ name: 'shop', tasks: [reserve], routes: [left, order] });
`,
  'tasks/texts.ts': `
import { z } from 'zod';
import { defineTask } from ${perennial('define/index.js')};
export const countWords = defineTask(
  { name: 'text.countWords', queue: 'text.work', input: z.strictObject({ text: z.string() }), output: z.int() },
  ({ text }, { log }) => {
    log.info('counting words');
    return text.split(' ').length;
  },
);
export const total = defineTask(
  { name: 'text.total', parameters: ['counts'], input: z.strictObject({ counts: z.array(z.int()) }), output: z.int() },
  ({ counts }) => counts.reduce((sum, count) => sum + count, 0),
);
`,
  'workflows/count-both.ts': `
import { group, proxyTasks } from ${perennial('workflows/calls/index.js')};
import type * as texts from '../tasks/texts.ts';
const call = proxyTasks<typeof texts>();
export async function countBoth(one: string, two: string): Promise<number> {
  const counts = await group([one, two].map((text) => call('text.countWords', { text })));
  return call('text.total', { counts });
}
`,
  'schedules/nightly.ts': `
import { defineSchedule } from ${perennial('define/index.js')};
export const nightly = defineSchedule({
  id: 'nightly-count',
  timing: { cron: '0 3 * * *' },
  target: { task: 'text.countWords', input: { text: 'as the night falls' } },
});
`,
};

let folder: string;
let world: TestStack;
let client: PerennialClient<typeof texts & { reserve: typeof reserve }>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'perennial-application-'));
  await symlink(path.join(projectDir, 'node_modules'), path.join(folder, 'node_modules'));
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  vi.stubEnv('STOCK_PIECES', '5');
  world = await startTestStack({
    components: ['temporal', 'postgres', 'worker', 'api'],
    env: { APPLICATION_DIR: folder, SCHEDULES_SYNC: 'true', STACK_FLEETS: 'true' },
  });
  client = await connectPerennial({ address: world.stack.addresses.temporal, tasks: { ...texts, reserve } });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await client.close();
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('an application of one’s own', () => {
  it('P3-10 has its fleet in processes of its own, and the rest in one: each queue is served once more for each of them', async () => {
    expect(Object.keys(world.stack.addresses.workers)).toEqual(['worker-rest', 'worker-texts-1', 'worker-texts-2']);
    const ready = async (): Promise<readonly string[]> =>
      (await readFile(path.join(folder, 'notes.txt'), 'utf8')).split('\n').filter((line) => line.startsWith('ready'));
    await expect.poll(async () => (await ready()).toSorted()).toEqual(['ready rest', 'ready texts', 'ready texts']);
    await (await client.task('text.countWords').call({ text: 'one' })).result();
    await (await client.task('text.total').call({ counts: [] })).result();
    const lines = (await readFile(path.join(folder, 'notes.txt'), 'utf8')).split('\n');
    expect(lines).toEqual(expect.arrayContaining(['texts runs text.countWords', 'rest runs text.total']));
    expect(lines).not.toContain('rest runs text.countWords');
    const { workers } = (await client.queues.list()).find(({ name }) => name === 'text.work') ?? {};
    expect(workers).toBe(2);
  });

  it('P3-10 has its fleets looked at by the doctor: in production, processes that are missing are told of', async () => {
    const base = loadConfig({});
    const { fleets, ...others } = await loadApplication(folder);
    const told = async (processes: number, environment: Config['environment'] = 'production'): Promise<unknown> => {
      const application = { ...others, fleets: fleets.map((fleet) => ({ ...fleet, processes })) };
      const blobs = { check: () => Promise.resolve() };
      const config = { ...base, environment };
      const list = examinations({ config, application, client, database: undefined, blobs });
      return list.find(({ name }) => name === 'fleets')?.check();
    };
    expect(await told(2)).toBe('ok: texts');
    expect(await told(3)).toBe('warning: texts has 2 of 3 processes');
    expect(await told(3, 'development')).toBe('ok: texts');
  });

  it('has its tasks called by name and by definition, on its own queue', async () => {
    const byName = await client.task('text.countWords').call({ text: 'one two three' });
    expect(await byName.result()).toBe(3);
    const byDefinition = await client.task(texts.countWords).call({ text: 'one two' });
    expect(await byDefinition.result()).toBe(2);
    await expect(client.tasks.call('text.countWords', { text: 1 })).rejects.toThrow('text: expected string, got 1');
  });

  it('composes them in a canvas', async () => {
    const counts = ['a b', 'c', 'd e f'].map((text) => task(texts.countWords).si({ text }));
    const run = await client.canvas.run(chord(counts, task(texts.total).into('counts', {})));
    expect(await run.result()).toBe(6);
  });

  it('runs its workflows, which call them', async () => {
    const connection = await Connection.connect({ address: world.stack.addresses.temporal });
    const { workflow } = new Client({ connection });
    const result: unknown = await workflow.execute('countBoth', {
      taskQueue: queues.workflows,
      workflowId: 'count-both',
      args: ['a b', 'c d e'],
    });
    await connection.close();
    expect(result).toBe(5);
  });

  it('has its schedules on the server', async () => {
    expect(await client.schedules.describe('nightly-count')).toMatchObject({ id: 'nightly-count', origin: 'code' });
    await client.schedules.trigger('nightly-count');
    const started = async (): Promise<unknown> => (await client.schedules.describe('nightly-count')).counts.started;
    await expect.poll(started).toBe(1);
  });

  it('has the tasks of its plug-ins, with their ports, settings and failures', async () => {
    expect(await (await client.task(reserve).call({ pieces: 2 })).result()).toBe(3);
    const failed = await client.task(reserve).call({ pieces: 7 });
    await expect(failed.result()).rejects.toMatchObject({ type: 'OutOfStock', message: 'expected 7, got 5' });
    const inCanvas = await client.canvas.run(task(reserve).si({ pieces: 8 }));
    await expect(inCanvas.result()).rejects.toMatchObject({ type: 'OutOfStock' });
  });

  it('has its routes in the API, with checks, errors and documentation as those of the product', async () => {
    const api = world.stack.addresses.api ?? '';
    const get = (route: string): Promise<Response> => fetch(`${api}${route}`);
    expect(await (await get('/app/stock/a-1')).json()).toEqual({ sku: 'a-1', pieces: 5 });
    const short = await get('/app/stock/a-1?least=9');
    expect([short.status, await short.json()]).toMatchObject([423, { failure: { type: 'StockClosed' } }]);
    const wrong = await get('/app/stock/a-1?wrong=1');
    expect(wrong.status).toBe(500);
    expect(await wrong.text()).not.toContain('secret');
    const headers = { 'content-type': 'application/json' };
    const post = (body: object): Promise<Response> =>
      fetch(`${api}/app/orders`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(await (await post({ pieces: 2 })).json()).toBe(3);
    expect(await (await post({ pieces: 'x' })).json()).toMatchObject({ status: 400, errors: [{ field: 'pieces' }] });
    expect(await (await get('/v1/openapi.json')).text()).toContain('/app/stock/{sku}');
  });

  it('has its hooks called', async () => {
    const notes = async (): Promise<string> => readFile(path.join(folder, 'notes.txt'), 'utf8');
    await expect.poll(notes).toContain('shop.reserve OutOfStock\n');
  });

  it('has the tasks of the product, but not those of domains that it does not name', async () => {
    expect(await (await client.task('samples.add').call({ a: 1, b: 2 })).result()).toBe(3);
    const api = `${world.stack.addresses.api ?? ''}/v1`;
    await expect(client.tasks.call('text.none', { counts: [] })).rejects.toThrow('text.none');
    expect((await fetch(`${api}/queues`)).status).toBe(200);
    expect((await fetch(`${api}/documents`)).status).toBe(404);
  });

  it('P3-10 tells whoever changes the configuration that fleets are read at the start', async () => {
    const lines: string[] = [];
    const said = (): string => lines.join('\n');
    const config = loadConfig({ APPLICATION_DIR: folder, STACK_FLEETS: 'true' });
    using _followed = followChanges(
      world.stack,
      config,
      lineReporter((line) => lines.push(line)),
    );
    const change = async (file: string): Promise<void> => {
      const name = path.join(folder, file);
      lines.length = 0;
      await appendFile(name, '\n');
      await expect.poll(said, { timeout: 60_000 }).toMatch(/workers run the new code/);
    };
    await expect.poll(said).toContain('Watching');
    await change('perennial.config.ts');
    expect(said()).toContain('stop `perennial dev --fleets` and start it again');
    await change('tasks/texts.ts');
    expect(said()).not.toContain('start it again');
  });
});
