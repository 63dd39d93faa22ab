import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadApplication } from '../../../application/load.ts';
import { nearestApplication } from '../../../config/project.ts';
import { findTask, register } from '../../../contracts/register.schema.ts';
import { defineTask } from '../../../define/index.ts';
import {
  applicationFolder,
  type ApplicationFolder,
  canvasText,
  CONFIG,
  HEAD,
  taskText,
} from '../../support/application/folder.ts';

let folder: string;
let files: ApplicationFolder['write'];
let remove: ApplicationFolder['remove'];

beforeEach(async () => {
  ({ path: folder, write: files, remove } = await applicationFolder());
});
afterEach(() => remove());

async function faultsOf(contents: Readonly<Record<string, string>>): Promise<string> {
  await files({
    'perennial.config.ts': `${CONFIG}export default defineConfig({});`,
    'package.json': '{"type":"module"}',
    ...contents,
  });
  return loadApplication(folder).then(
    () => 'none',
    (error: unknown) => String(error),
  );
}

describe('an application', () => {
  it('has what its modules export, whatever the patterns and wherever below its folder one asks', async () => {
    await files({
      'package.json': '{"type":"module"}',
      'perennial.config.ts': `${CONFIG}export default defineConfig({ tasks: ['jobs/**/*.ts'], queues: { 'text.work': { slots: 2 } } });`,
      'jobs/one.ts': HEAD + taskText('text.one', `queue: 'text.work'`) + taskText('text.two', '', 'two'),
      'jobs/one.test.ts': 'throw new Error("a test is no task");',
      'jobs/deep/three.ts': HEAD + taskText('text.three'),
      'schedules/nightly.ts': `${HEAD}export const nightly = defineSchedule({ id: 'nightly', timing: { cron: '0 3 * * *' }, target: { task: 'text.one', input: 'x' } });`,
      'canvases/both.ts': HEAD + canvasText('text.both'),
      'workflows/mine.ts': 'export async function mine(): Promise<void> {}',
    });
    expect(nearestApplication(path.join(folder, 'jobs/deep'))).toBe(folder);
    const { tasks, schedules, canvases, queues, workflows } = await loadApplication(folder);
    expect(tasks.map(({ name }) => name)).toEqual(['text.three', 'text.one', 'text.two']);
    expect(schedules).toEqual([expect.objectContaining({ id: 'nightly' })]);
    expect(schedules[0]).not.toHaveProperty('kind');
    expect(canvases.map(({ name }) => name)).toEqual(['text.both']);
    expect(queues).toEqual([{ queue: 'text.work', priority: 5, slots: 2, purpose: '' }]);
    expect(workflows).toEqual([path.join(folder, 'workflows/mine.ts')]);
    expect(findTask('text.one')).toBeUndefined();
  });

  it('is loaded in a process that knows its tasks and queues already, as a test does that ran one of them', async () => {
    const schema = z.string();
    const known = defineTask({ name: 'text.one', queue: 'text.work', input: schema, output: schema }, (text) => text);
    const undo = register({ tasks: [known], queues: [{ queue: 'text.work', priority: 5, slots: 1, purpose: '' }] });
    const faults = await faultsOf({
      'perennial.config.ts': `${CONFIG}export default defineConfig({ queues: { 'text.work': { slots: 2 } } });`,
      'tasks/one.ts': HEAD + taskText('text.one', `queue: 'text.work'`),
    });
    undo();
    expect(faults).toBe('none');
  });

  it('may be JavaScript', async () => {
    await files({
      'package.json': '{"type":"module"}',
      'perennial.config.mjs': 'export default {};',
      'tasks/one.js': HEAD + taskText('text.js'),
    });
    expect((await loadApplication(folder)).tasks.map(({ name }) => name)).toEqual(['text.js']);
  });
});

describe('faults of an application', () => {
  it.each([
    [
      'a module that does not compile',
      { 'tasks/bad.ts': 'export const = 1;' },
      /tasks\/bad\.ts: expected a module that loads/,
    ],
    ['a module that throws', { 'tasks/bad.ts': 'throw new Error("no key");' }, /tasks\/bad\.ts: .*no key/s],
    [
      'a module without tasks',
      { 'tasks/empty.ts': 'export const x = 1;' },
      /tasks\/empty\.ts: expected a module that exports a task.*got x/s,
    ],
    [
      'a name of the product',
      { 'tasks/a.ts': HEAD + taskText('samples.add') },
      /no task of the product has.*'samples\.add'/s,
    ],
    [
      'a canvas name twice',
      { 'canvases/a.ts': HEAD + canvasText('text.one'), 'canvases/b.ts': HEAD + canvasText('text.one') },
      /canvases\/b\.ts: text\.one: expected a name that no other canvas has, got 'text\.one', which is in canvases\/a\.ts too/,
    ],
    ['a canvas name without a dot', { 'canvases/a.ts': HEAD + canvasText('one') }, /canvases\/a\.ts.*words with dots/s],
    [
      'a canvas whose input is no JSON',
      { 'canvases/a.ts': HEAD + canvasText('text.one', 'z.date()') },
      /canvases\/a\.ts: text\.one: input: expected a schema of JSON, got one with date/,
    ],
    [
      'a module without canvases',
      { 'canvases/a.ts': 'export const x = 1;' },
      /canvases\/a\.ts: expected a module that exports a canvas of defineCanvas, got x/,
    ],
    ['a first word of the product', { 'tasks/a.ts': HEAD + taskText('email.mine') }, /another first word than email/],
    ['a name without a dot', { 'tasks/a.ts': HEAD + taskText('mine') }, /words with dots between/],
    [
      'a name twice',
      { 'tasks/a.ts': HEAD + taskText('text.one'), 'tasks/b.ts': HEAD + taskText('text.one') },
      /tasks\/b\.ts: text\.one: expected a name that no other task has, got 'text\.one', which is in tasks\/a\.ts too/,
    ],
    [
      'an unknown queue',
      { 'tasks/a.ts': HEAD + taskText('text.one', `queue: 'nowhere'`) },
      /a queue of the product or of the configuration, got 'nowhere'/,
    ],
    [
      'a queue of the product itself',
      { 'tasks/a.ts': HEAD + taskText('text.one', `queue: 'perennial.system'`) },
      /a queue for tasks/,
    ],
    [
      'no attempt',
      { 'tasks/a.ts': HEAD + taskText('text.one', 'retry: { attempts: 0 }') },
      /retry\.attempts: expected a whole number from 1 to 10000, got 0/,
    ],
    [
      'a negative delay',
      { 'tasks/a.ts': HEAD + taskText('text.one', 'retry: { delayMs: -1 }') },
      /retry\.delayMs: expected a number from 0 to 2678400000, got -1/,
    ],
    [
      'limits the wrong way round',
      { 'tasks/a.ts': HEAD + taskText('text.one', 'limits: { softMs: 9, hardMs: 8 }') },
      /a soft limit below the hard one/,
    ],
    [
      'too quick a heartbeat',
      { 'tasks/a.ts': HEAD + taskText('text.one', 'limits: { heartbeatMs: 1 }') },
      /heartbeatMs of at least 300/,
    ],
    [
      'batchable and composing',
      { 'tasks/a.ts': HEAD + taskText('text.one', 'batchable: true, composes: true') },
      /a batchable task without composes/,
    ],
    [
      'a schema that JSON does not have',
      {
        'tasks/a.ts': `${HEAD}export const a = defineTask({ name: 'a.b', input: z.object({ at: z.date() }), output: z.string() }, () => '');`,
      },
      /a\.b: input: expected a schema of JSON, got one with date/,
    ],
    [
      'a pattern that finds nothing',
      { 'perennial.config.ts': `export default { tasks: ['jobs/*.ts'] };` },
      /jobs\/\*\.ts: expected a pattern that finds files/,
    ],
    [
      'an unknown field of the configuration',
      { 'perennial.config.ts': 'export default { task: [] };' },
      /default\.task: expected no such field/,
    ],
    [
      'no default export',
      { 'perennial.config.ts': 'export const config = {};' },
      /perennial\.config\.ts: default: expected object, got nothing/,
    ],
    [
      'a queue of the product',
      { 'perennial.config.ts': `export default { queues: { 'documents.ocr': {} } };` },
      /a name that no queue of the product has/,
    ],
    [
      'a fleet with the name of one of the product',
      { 'perennial.config.ts': `export default { fleets: { rest: { queues: ['documents.ocr'] } } };` },
      /fleets: rest: expected a name that no fleet of the product has, got 'rest'\. Give/,
    ],
    [
      'a fleet whose name no process can have',
      { 'perennial.config.ts': `export default { fleets: { 'My Fleet': { queues: ['documents.ocr'] } } };` },
      /fleets: My Fleet: expected a name of small letters, digits and hyphens/,
    ],
    [
      'a fleet of an unknown queue',
      { 'perennial.config.ts': `export default { fleets: { media: { queues: ['media.video'] } } };` },
      /fleets: media: expected a queue of the product or of the configuration, got 'media\.video'\. Declare it/,
    ],
    [
      'a fleet of the bookkeeping',
      { 'perennial.config.ts': `export default { fleets: { media: { queues: ['perennial.system'] } } };` },
      /fleets: media: expected a queue for tasks, got 'perennial\.system', which is the product's own/,
    ],
    [
      'a fleet with a queue twice',
      {
        'perennial.config.ts': `export default { fleets: { media: { queues: ['documents.ocr', 'documents.ocr'] } } };`,
      },
      /fleets: media: expected each queue once, got 'documents\.ocr' twice/,
    ],
    [
      'a fleet without queues',
      { 'perennial.config.ts': `export default { fleets: { media: { queues: [] } } };` },
      /default\.fleets\.media\.queues/,
    ],
    [
      'a fleet without processes',
      { 'perennial.config.ts': `export default { fleets: { media: { queues: ['documents.ocr'], processes: 0 } } };` },
      /default\.fleets\.media\.processes/,
    ],
    [
      'two configurations',
      { 'perennial.config.js': 'export default {};' },
      /expected one configuration, got perennial\.config\.ts and perennial\.config\.js/,
    ],
    [
      'an id of a schedule twice',
      {
        'schedules/a.ts': `${HEAD}const s = (n: string) => defineSchedule({ id: 'x', purpose: n, timing: { cron: '0 3 * * *' }, target: { task: 'samples.add', input: {} } });\nexport const a = s('a');\nexport const b = s('b');`,
      },
      /x: expected an id that no other schedule has/,
    ],
  ])('%s', async (_what, contents, said) => {
    expect(await faultsOf(contents)).toMatch(said);
  });

  it('of fleets are told beside those of queues and modules', async () => {
    const told = await faultsOf({
      'perennial.config.ts': `export default { queues: { 'documents.ocr': {} }, fleets: { all: { queues: ['none'] } } };`,
      'tasks/a.ts': 'throw new Error("first");',
    });
    expect(told).toMatch(/first.*no queue of the product.*fleets: all: .*no fleet of the product.*'none'/s);
  });

  it('are told all at once, and one bad module does not hide another', async () => {
    const told = await faultsOf({
      'tasks/a.ts': 'throw new Error("first");',
      'tasks/b.ts': HEAD + taskText('mine', `queue: 'nowhere'`),
      'tasks/c.ts': 'throw new Error("last");',
    });
    expect(told).toMatch(/first.*last.*words with dots.*'nowhere'/s);
  });
});
