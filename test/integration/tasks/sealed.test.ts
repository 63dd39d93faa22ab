/** Secrets without a name: in positional arguments, and as whole inputs, by every way to call a task. */
import { randomUUID } from 'node:crypto';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Conflict, connectPerennial, type PerennialClient } from '../../../client/index.ts';
import { isDefinedTask } from '../../../define/task.ts';
import { register } from '../../../contracts/register.schema.ts';
import { marked } from '../../../contracts/values/sealed.ts';
import { call, chain, compose, group } from '../../support/canvas/signatures.ts';
import { eventually } from '../../support/tasks.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';
import { applicationActivities, bundleApplication } from '../../../workers/application.ts';
import { sealedTasks } from '../../support/sealed-tasks.ts';
import { bundleFile } from '../../support/servers/bundle.ts';
import { silentLog } from '../../support/silent-log.ts';

let temporal: TestTemporal;
let client: PerennialClient<typeof sealedTasks>;
let forget: () => void;
beforeAll(async () => {
  // Registered here, so that files that run in the same process later do not know them.
  forget = register({ tasks: Object.values<unknown>(sealedTasks).filter(isDefinedTask) });
  temporal = await startTestTemporal();
  client = await connectPerennial({ ...temporal.endpoint, tasks: sealedTasks });
});
afterAll(async () => {
  await client.close();
  await temporal.stop();
  forget();
});

const MARK = 'q7Zx';
let secrets = 0;
/** What is given back is a secret. */
const SECRET = expect.stringMatching(/^q7Zx\d{6}$/) as string;
/** Ten characters. */
const secret = (): string => `${MARK}${String((secrets += 1)).padStart(6, '0')}`;

const redeem = (): object => ({ task: 'vouchers.redeem', args: [secret()] });
const signIn = (): object => ({ task: 'vouchers.signIn', args: [secret()], kwargs: { next: secret() } });

const inMs = { timeoutMs: 30_000 };
const run = async (canvas: object, options: object = {}): Promise<unknown> =>
  (await client.canvas.runJson(canvas, options)).result(inMs);
/** By name, because the ways differ in their tasks. */
const tasks = (): {
  call(name: string, input: unknown, options?: object): ReturnType<PerennialClient['tasks']['call']>;
} => client.tasks;
const one = async (name: string, input: unknown, options: object = {}): Promise<unknown> =>
  (await tasks().call(name, input, options)).result(inMs);

/** Each way to call, and what it gives. */
const ways: Readonly<Record<string, readonly [() => Promise<unknown>, unknown]>> = {
  'a whole input': [() => one('vouchers.redeem', secret()), 10],
  'a field without a telling name': [() => one('vouchers.signIn', { count: 1, code: secret() }), 11],
  'a replacement': [() => one('vouchers.signIn', { count: 1, code: secret(), next: secret() }), 10],
  'a marked value of any task': [() => one('vouchers.measure', { text: marked(secret()) }), 10],
  'a stream': [
    async () => {
      const stream = client.tasks.stream();
      const calls = Array.from({ length: 3 }, () => stream.call('vouchers.redeem' as never, secret() as never));
      return Promise.all((await Promise.all(calls)).map((handle) => handle.result(inMs)));
    },
    [10, 10, 10],
  ],
  'links of a task that is none': [() => one('vouchers.measure', { text: 'abc' }, { link: signIn() }), 3],
  'a task with a link': [
    () => one('vouchers.redeem', secret(), { link: { task: 'vouchers.measure', args: ['x'], immutable: true } }),
    10,
  ],
  'a chain': [() => run(chain(redeem() as never, signIn() as never)), 10],
  'a group': [
    () => run(group(...(Array.from({ length: 30 }, redeem) as never[]))),
    Array.from({ length: 30 }, () => 10),
  ],
  'a chord': [
    () =>
      run(
        compose('chord', { header: [redeem()], body: { task: 'vouchers.redeem', args: [secret()], immutable: true } }),
      ),
    10,
  ],
  'a map': [
    () => run({ task: 'celery.map', kwargs: { task: { task: 'vouchers.redeem' }, it: [secret(), secret()] } }),
    [10, 10],
  ],
  'a starmap': [
    () => run({ task: 'celery.starmap', kwargs: { task: { task: 'vouchers.signIn' }, it: [[1, secret()]] } }),
    [11],
  ],
  'marked arguments of any task': [() => run(call('vouchers.measure', { text: marked(secret()) })), 10],
  'arguments at the start': [() => run({ task: 'vouchers.signIn' }, { args: [1, secret()] }), 11],
  'a branch': [
    () => run(chain(redeem() as never, { task: 'perennial.when', kwargs: { test: { truthy: true }, then: signIn() } })),
    10,
  ],
};

const issue = (task = 'vouchers.issue'): object => ({ task, args: [secret()] });

/** Each way in which a result that is a secret goes, and what the caller gets. */
const handedOn: Readonly<Record<string, readonly [() => Promise<unknown>, unknown]>> = {
  'a result': [() => one('vouchers.issue', secret()), SECRET],
  'the info of a task': [
    async () => {
      const handle = await tasks().call('vouchers.issue', secret());
      await handle.result(inMs);
      return (await client.tasks.get(handle.id).status()).result;
    },
    SECRET,
  ],
  'a list': [() => one('vouchers.issueTwo', secret()), [SECRET, SECRET]],
  'a stream of results': [
    async () => {
      const stream = client.tasks.stream();
      return (await stream.call('vouchers.issue' as never, secret() as never)).result(inMs);
    },
    SECRET,
  ],
  'the next step': [() => run(chain(issue() as never, { task: 'vouchers.redeem' })), 10],
  'the fields of the next step': [() => run(chain(issue() as never, { task: 'vouchers.measure' })), 10],
  'the end of a chain': [() => run(chain(issue() as never, { task: 'vouchers.issue' })), SECRET],
  'a group of results': [
    () => run(group(...(Array.from({ length: 20 }, () => issue()) as never[]))),
    Array.from({ length: 20 }, () => SECRET),
  ],
  'a group in a group': [() => run(group(group(issue() as never), issue() as never)), [SECRET, SECRET]],
  'the body of a chord': [
    () => run(compose('chord', { header: [issue(), issue()], body: { task: 'vouchers.count' } })),
    2,
  ],
  'a map of a list': [
    () =>
      run(
        chain(issue('vouchers.issueTwo') as never, {
          task: 'perennial.map',
          kwargs: { task: { task: 'vouchers.issue' } },
        }),
      ),
    [SECRET, SECRET],
  ],
  'a map of items': [
    () => run({ task: 'celery.map', kwargs: { task: { task: 'vouchers.issue' }, it: [secret(), secret()] } }),
    [SECRET, SECRET],
  ],
  'a condition': [
    () =>
      run(
        chain(issue('vouchers.issueTwo') as never, {
          task: 'perennial.when',
          kwargs: {
            test: { path: [1], truthy: true },
            then: { ...call('vouchers.measure', { text: 'yes' }), immutable: true },
          },
        }),
      ),
    3,
  ],
  'a call in a canvas by its id': [
    async () => {
      const id = randomUUID();
      await run(chain({ ...issue(), options: { task_id: id } } as never, { task: 'vouchers.redeem' }));
      return client.tasks.get(id).result(inMs);
    },
    SECRET,
  ],
};

const { History } = proto.temporal.api.history.v1;

/** Everything that the server hands out, by the id of the run or schedule. */
async function everythingOnServer(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { workflowId, runId } of temporal.client.workflow.list()) {
    const handle = temporal.client.workflow.getHandle(workflowId, runId);
    const { raw } = await handle.describe();
    const history = Buffer.from(History.encode(await handle.fetchHistory()).finish()).toString('latin1');
    found.set(workflowId, `${found.get(workflowId) ?? ''}${history}${textOf(raw)}`);
  }
  for await (const { scheduleId } of temporal.client.schedule.list()) {
    const { raw } = await temporal.client.schedule.getHandle(scheduleId).describe();
    found.set(scheduleId, textOf(raw));
  }
  return found;
}

/** As JSON in which bytes are text. */
function textOf(raw: unknown): string {
  return JSON.stringify(raw, (_key, value: unknown) => {
    const isBytes = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
    if (isBytes && 'data' in value) return Buffer.from(value.data as number[]).toString('latin1');
    return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  });
}

async function useSchedules(): Promise<void> {
  const yearly = { cron: '0 0 1 1 *' };
  const targets = {
    'yearly-whole': { task: 'vouchers.redeem', input: secret() },
    'yearly-args': { task: 'vouchers.signIn', args: [1, secret()] },
    'yearly-canvas': { canvas: chain(redeem() as never, signIn() as never), args: [] },
  };
  for (const [id, target] of Object.entries(targets)) {
    await client.schedules.add({ id, timing: yearly, target });
    expect((await client.schedules.add({ id, timing: yearly, target })).created).toBe(false);
    await client.schedules.trigger(id);
  }
  await eventually(async () => {
    const statuses: string[] = [];
    for await (const { workflowId, status } of temporal.client.workflow.list())
      if (workflowId.includes('yearly-')) statuses.push(status.name);
    return statuses.length >= 3 && statuses.every((status) => status !== 'RUNNING') && allCompleted(statuses);
  });
}

function allCompleted(statuses: readonly string[]): true {
  expect(new Set(statuses)).toEqual(new Set(['COMPLETED']));
  return true;
}

/** Runs all ways with workers of the application, and gives what each gave. */
async function resultsOf(all: typeof ways, also: () => Promise<void> = () => Promise.resolve()): Promise<object> {
  const application = { tasks: Object.values<unknown>(sealedTasks).filter(isDefinedTask), workflows: [] };
  const code = await bundleApplication(application, { bundleFile: await bundleFile(), folder: '' });
  const given = await temporal.withWorkers(
    applicationActivities(application, { log: () => silentLog }, { open: () => Promise.resolve({}) }),
    async () => {
      const results = new Map<string, unknown>();
      for (const [way, [start]] of Object.entries(all))
        results.set(way, await start().catch((error: unknown) => String(error)));
      await also();
      return results;
    },
    { code, sourceMap: 'in the code' },
  );
  return Object.fromEntries(given);
}

function expected(all: typeof ways): object {
  return Object.fromEntries(Object.entries(all).map(([way, [, result]]) => [way, result]));
}

/** Where a secret can be read, of all that the server hands out. */
function told(places: ReadonlyMap<string, string>): readonly string[] {
  return [...places].flatMap(([place, text]) =>
    [...text.matchAll(/.{0,60}q7Zx\d+/g)].map(([near]) => `${place}: ${near}`),
  );
}

describe('SEC-5 a secret without a name', () => {
  it('reaches its task and stands in no history, whichever way it is called', { timeout: 240_000 }, async () => {
    expect(await resultsOf(ways, useSchedules)).toEqual(expected(ways));
    const places = await everythingOnServer();
    expect([...places].filter(([, text]) => text.includes('vouchers.signIn')).length).toBeGreaterThan(8);
    expect(secrets).toBeGreaterThan(50);
    expect(told(places)).toEqual([]);
  });

  it(
    'reaches its caller as the result of a task, and stands in no history on its way',
    { timeout: 240_000 },
    async () => {
      expect(await resultsOf(handedOn)).toEqual(expected(handedOn));
      const places = await everythingOnServer();
      expect([...places].filter(([, text]) => text.includes('vouchers.issue')).length).toBeGreaterThan(8);
      expect(told(places)).toEqual([]);
    },
  );

  it('is compared by its content, under a key', async () => {
    const id = 'voucher-1';
    const start = (voucher: string) => tasks().call('vouchers.redeem', voucher, { id });
    const first = secret();
    await start(first);
    await expect(start(first)).resolves.toMatchObject({ id });
    await expect(start(secret())).rejects.toBeInstanceOf(Conflict);
  });
});
