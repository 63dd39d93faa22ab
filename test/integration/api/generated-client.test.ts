/** A client that openapi-typescript generates from the running API, as somebody who builds upon the API makes one. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApi } from '../../support/fakes/api.ts';
import { projectDir } from '../../../config/project.ts';
import { startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

const run = promisify(execFile);
const adminKey = 'a-key-of-sixteen-characters';

/** What the user writes; every type comes from the generated file. */
const SAMPLE = `
import createClient from 'openapi-fetch';
import type { components, operations, paths } from './api.js';

type Task = components['schemas']['Task'];
const api = createClient<paths>({ baseUrl: process.argv[2]!, headers: { authorization: 'Bearer ${adminKey}' } });

const started = await api.POST('/v1/tasks', {
  body: { task: 'samples.add', args: [1, 2] },
  headers: { 'Idempotency-Key': 'once' },
});
if (started.error) throw new Error(started.error.detail);
const id = 'id' in started.data ? started.data.id : started.data.task_id;
const { data: task, error } = await api.GET('/v1/tasks/{id}', {
  params: { path: { id }, query: { wait: 30 } },
});
if (error) throw new Error(error.detail);
const known: Task = task;
const states: Record<components['schemas']['TaskState'], boolean> =
  { PENDING: false, STARTED: false, RETRY: false, SUCCESS: true, FAILURE: false, REVOKED: false };
const page: components['schemas']['QueuePage'] | undefined = (await api.GET('/v1/queues', { params: { query: { limit: 1 } } })).data;
const missing = await api.GET('/v1/tasks/{id}', { params: { path: { id: 'nobody' } } });
const problem: components['schemas']['Problem'] | undefined = missing.error;
type Filter = operations['listTasks']['parameters']['query'];
const filter: Filter = { tenant: 'acme' };
// @ts-expect-error a priority is a number
void api.POST('/v1/tasks', { body: { task: 'samples.add', priority: 'high' } }).catch(() => undefined);
console.log(JSON.stringify({
  ended: states[known.state], result: known.result, queues: page?.items.length, status: problem?.status, filter,
}));
`;

const CONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    outDir: 'out',
    skipLibCheck: true,
    types: ['node'],
  },
  include: ['*.ts'],
};

let world: TaskWorld;
let server: Server;
let url: string;
let folder: string;
beforeAll(async () => {
  world = await startTaskWorld();
  const { app } = testApi({ adminKey }, world.client);
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  // A server that listens on a port has an address of this form.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(path.join(tmpdir(), 'perennial-generated-'));
  await symlink(path.join(projectDir, 'node_modules'), path.join(folder, 'node_modules'));
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await world.stop();
  await rm(folder, { recursive: true });
});

it('type-checks, and does with the API what its types say', async () => {
  const document = (await (await fetch(`${url}/v1/openapi.json`)).json()) as OpenAPI3;
  const generated = astToString(await openapiTS(document));
  await writeFile(path.join(folder, 'api.ts'), generated);
  await writeFile(path.join(folder, 'sample.ts'), SAMPLE);
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
  await run(process.execPath, [path.join(folder, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  const printed = await world.withWorkers(
    async () => (await run(process.execPath, [path.join(folder, 'out/sample.js'), url], { cwd: folder })).stdout,
  );
  expect(JSON.parse(printed)).toEqual({ ended: true, result: 3, queues: 1, status: 404, filter: { tenant: 'acme' } });
});
