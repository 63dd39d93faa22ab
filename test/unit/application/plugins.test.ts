import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startJob } from '../../../client/connection/start-job.ts';
import type { Rpc } from '../../../client/connection/rpc.ts';
import { loadApplication } from '../../../application/load.ts';
import { schedulesOf } from '../../../application/schedules.ts';
import { PLUGGABLE, without } from '../../../contracts/pluggable.ts';
import { activityQueues, findTask, lackedFor, register } from '../../../contracts/register.schema.ts';
import { scheduleEntries } from '../../../schedules/entries.ts';
import { applicationFolder, type ApplicationFolder, CONFIG, HEAD, taskText } from '../../support/application/folder.ts';

let folder: ApplicationFolder;
beforeEach(async () => {
  folder = await applicationFolder();
  await folder.write({ 'package.json': '{"type":"module"}' });
});
afterEach(() => folder.remove());

/** A plug-in in a module of its own, as a package would export it. */
const GREETINGS = `${HEAD}${CONFIG}
${taskText('greetings.greet', `queue: 'greetings.work'`)}
export const greetings = () => definePlugin({
  name: 'greetings',
  tasks: [one],
  queues: { 'greetings.work': { slots: 3 } },
  workflows: [new URL('./plug-in-workflows.ts', import.meta.url)],
  schedules: [defineSchedule({ id: 'greet', timing: { cron: '0 3 * * *' }, target: { task: 'greetings.greet', input: 'x' } })],
  hooks: { taskFailed: () => undefined },
});
`;

async function load(config: string, contents: Readonly<Record<string, string>> = {}) {
  await folder.write({
    'plug-in.ts': GREETINGS,
    'plug-in-workflows.ts': 'export async function greetAll(): Promise<void> {}',
    'perennial.config.ts': `${CONFIG}import { greetings } from './plug-in.ts';\nexport default defineConfig(${config});`,
    ...contents,
  });
  return loadApplication(folder.path);
}

const faults = (...given: Parameters<typeof load>): Promise<string> => load(...given).then(() => 'none', String);

describe('plug-ins', () => {
  it('add what the application could have itself', async () => {
    const application = await load(
      `{ plugins: [greetings(), documents()], hooks: [{ workerReady: () => undefined }] }`,
    );
    expect(application.tasks.map(({ name }) => name)).toEqual(['greetings.greet']);
    expect(application.queues).toEqual([{ queue: 'greetings.work', priority: 5, slots: 3, purpose: '' }]);
    expect(application.workflows).toEqual([`${folder.path}/plug-in-workflows.ts`]);
    expect(application.schedules).toEqual([expect.objectContaining({ id: 'greet' })]);
    expect(application.hooks.map((hooks) => Object.keys(hooks))).toEqual([['workerReady'], ['taskFailed']]);
    expect(application.domains).toEqual(['documents']);
  });

  it('find their modules of workflows in a built application, where the names end in .js', async () => {
    const application = await load(`{ plugins: [greetings()] }`, {
      'plug-in.ts': GREETINGS.replace('./plug-in-workflows.ts', './flows.ts'),
      'flows.js': 'export async function greetAll() {}',
    });
    expect(application.workflows).toEqual([`${folder.path}/flows.js`]);
  });

  it.each([
    [
      'one twice',
      `{ plugins: [greetings(), greetings()] }`,
      /plugins: expected each plug-in once, got greetings twice/,
    ],
    [
      'one without another',
      `{ plugins: [imports()] }`,
      /plug-in imports: expected the plug-in documents beside it.*Add documents\(\)/s,
    ],
    [
      'something else',
      `{ plugins: ['documents'] as never }`,
      /plugins\[0\]: expected a plug-in, such as documents\(\)/,
    ],
    [
      'one of another version',
      `{ plugins: [{ ...documents(), kind: 'perennial.plugin/0' }] as never }`,
      /a plug-in made by this version of Perennial, got one of another/,
    ],
    [
      'a task of another version',
      `{ plugins: [definePlugin({ name: 'old', tasks: [{ ...greetings().tasks![0]!, kind: 'perennial.task/0' } as never] })] }`,
      /plug-in old: tasks\[0\]: expected a task of defineTask of this version of Perennial/,
    ],
    [
      'a relative path',
      `{ plugins: [definePlugin({ name: 'flows', workflows: ['./x.ts'] })] }`,
      /plug-in flows: workflows: expected an absolute path/,
    ],
    [
      'a name of a hook that is none',
      `{ hooks: [{ taskFaild: () => undefined } as never] }`,
      /hooks\[0\]: expected .*functions by the names of Hooks/,
    ],
    [
      'a queue twice',
      `{ queues: { 'greetings.work': {} }, plugins: [greetings()] }`,
      /plug-in greetings: expected a name that no other queue has/,
    ],
    [
      'a task of the product',
      `{ plugins: [{ ...greetings(), tasks: [{ ...greetings().tasks![0]!, name: 'email.mine' }] }] }`,
      /another first word than email/,
    ],
  ])('are refused: %s', async (_what, config, said) => {
    expect(await faults(config)).toMatch(said);
  });

  it.each([
    ['a path without a slash', `path: 'orders'`, /routes\/a\.ts: get orders: expected a path such as \/orders\/:id/],
    ['a pattern', `path: '/orders/(.*)'`, /expected a path such as/],
    [
      'a path twice',
      `path: '/same/:other'`,
      /expected a path that no other route has, got one that routes\/a\.ts has too/,
    ],
    ['a port that is none', `path: '/x', ports: { x: 1 as never }`, /expected ports of definePort/],
  ])('routes are refused: %s', async (_what, row, said) => {
    const route = (name: string, facts: string) =>
      `export const ${name} = defineRoute({ method: 'get', summary: 'x', answer: z.null(), ${facts} }, () => null);\n`;
    const module = HEAD + route('first', `path: '/same/:id'`) + route('second', row);
    expect(await faults('{}', { 'routes/a.ts': module })).toMatch(said);
  });

  it('of another version are told from modules without any', async () => {
    const old = `${HEAD}export const one = { kind: 'perennial.task', name: 'text.one' };`;
    expect(await faults('{}', { 'tasks/old.ts': old })).toMatch(
      /tasks\/old\.ts: expected a task of defineTask of this version/,
    );
  });
});

describe('domains of the product', () => {
  it('leave the register of an application that does not have them, with their queues and schedules', async () => {
    const { domains, schedules } = await load('{ plugins: [documents()] }');
    const undo = register({ tasks: [], without: without(domains) });
    expect(findTask('documents.readDocument')).toBeDefined();
    expect(findTask('email.send')).toBeUndefined();
    expect(findTask('samples.add')).toBeDefined();
    expect(activityQueues()).not.toContain('documents.email');
    const rpc = {} as Rpc; // refused before anything is sent
    const whenDone = 'keep' as const;
    const start = { workflow: 'sendBulkEmails', workflowId: 'x', args: [], whenDone, staticSummary: 'x' };
    await expect(startJob(rpc, start)).rejects.toThrow('add email() to `plugins`');
    undo();
    expect(lackedFor('sendBulkEmails')).toBeUndefined();
    expect(findTask('email.send')).toBeDefined();
    expect(activityQueues()).toContain('documents.email');
    const ids = schedulesOf({ domains, schedules }, scheduleEntries).map(({ id }) => id);
    expect(ids).toContain('cleanup-temp-files');
    for (const absent of ['generate-daily-report', 'send-weekly-digest', 'sync-external-data', 'health-check'])
      expect(ids).not.toContain(absent);
    expect(schedulesOf({ domains: PLUGGABLE, schedules: [] }, scheduleEntries)).toEqual(scheduleEntries);
  });
});
