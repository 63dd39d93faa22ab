/** Tasks of an application whose bodies are in another language. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadApplication } from '../../../application/load.ts';
import { register } from '../../../contracts/register.schema.ts';
import { workerContract } from '../../../contracts/tasks/worker-contract.schema.ts';
import { definePythonTask } from '../../../define/index.ts';
import { fleetOf } from '../../../workers/fleets.ts';
import { applicationFolder, type ApplicationFolder, CONFIG, HEAD, taskText } from '../../support/application/folder.ts';

let folder: ApplicationFolder;
let undo: () => void = () => undefined;

beforeEach(async () => {
  folder = await applicationFolder();
});
afterEach(async () => {
  undo();
  undo = () => undefined;
  await folder.remove();
});

const PYTHON = HEAD.replace('defineTask', 'definePythonTask, defineTask');

async function load(task: string, config = `queues: { 'text.py': { language: 'python' } }`): Promise<string> {
  await folder.write({
    'package.json': '{"type":"module"}',
    'perennial.config.ts': `${CONFIG}export default defineConfig({ ${config} });`,
    'tasks/one.ts': PYTHON + task,
  });
  return loadApplication(folder.path).then(
    ({ tasks }) => tasks.map(({ name, language }) => `${name} ${String(language)}`).join(),
    (error: unknown) => String(error),
  );
}

function pythonText(more = '', input = 'z.string()', output = 'z.string()'): string {
  return `export const one = definePythonTask({ name: 'text.one', queue: 'text.py', input: ${input}, output: ${output}, ${more} });\n`;
}

const score = definePythonTask({
  name: 'text.score',
  queue: 'text.py',
  parameters: ['text'],
  retry: { attempts: 2, delayMs: 10 },
  input: z.strictObject({ text: z.string().min(1), tries: z.int().optional() }),
  output: z.object({ score: z.number() }),
});

describe('a task in Python', () => {
  it('is found among the tasks of an application', async () => {
    expect(await load(pythonText())).toBe('text.one python');
  });

  it.each([
    [
      'in Python',
      pythonText(),
      `queues: { 'text.py': {} }`,
      "tasks/one.ts: text.one: expected a queue that workers in Python serve, got 'text.py', which those in TypeScript serve",
    ],
    ['in TypeScript', taskText('text.one', `queue: 'text.py'`), undefined, 'a queue that workers in TypeScript serve'],
    ['in no language', pythonText(), `queues: { 'text.py': { language: 'ruby' } }`, 'language: expected "python"'],
  ])('needs a queue of its language: a task %s', async (_what, task, config, message) => {
    expect(await load(task, config)).toContain(message);
  });

  it('has nothing that only our worker can do', async () => {
    const told = await load(pythonText('batchable: true, composes: true, breaker: {}'));
    expect(told).toContain('expected a task in Python without batchable, composes, breaker, residency, route');
    expect(told).toContain('got batchable, composes, breaker');
  });

  it.each([
    ['default', `z.strictObject({ n: z.int().default(1) })`, 'z.string()'],
    ['transform', 'z.string()', 'z.string().transform((text) => text.length)'],
    ['catch', 'z.string()', 'z.array(z.int().catch(1))'],
  ])('is refused when a schema would change a value by %s', async (type, input, output) => {
    const told = await load(pythonText('', input, output));
    expect(told).toContain('expected schemas that change nothing');
    expect(told).toContain(`got ${type}`);
  });

  it('is served by no fleet of ours', async () => {
    undo = register({
      tasks: [score],
      queues: [{ queue: 'text.py', language: 'python', priority: 5, slots: 2, purpose: '' }],
    });
    expect(fleetOf('all', 2).activities.map(({ queue }) => queue)).not.toContain('text.py');
    expect(
      await load(
        pythonText(),
        `queues: { 'text.py': { language: 'python' } }, fleets: { own: { queues: ['text.py'] } }`,
      ),
    ).toContain(
      "fleets: own: expected a queue that workers in TypeScript serve, got 'text.py', which those in Python serve",
    );
  });

  it('has its contract told as data', () => {
    undo = register({
      tasks: [score],
      queues: [{ queue: 'text.py', language: 'python', priority: 5, slots: 2, purpose: '' }],
    });
    const { tasks, queues, failures, sealed } = workerContract('python');
    expect(queues).toEqual([{ queue: 'text.py', slots: 2 }]);
    expect(tasks).toMatchObject([
      {
        name: 'text.score',
        parameters: ['text'],
        retry: { attempts: 2, delayMs: 10 },
        sealOutput: false,
        input: { required: ['text'], additionalProperties: false, properties: { text: { minLength: 1 } } },
        output: { properties: { score: { type: 'number' } } },
      },
    ]);
    expect(failures['InvalidInput']).toBe('permanent');
    expect(sealed.endings).toContain('apikey');
  });

  it('says where its body is when it is run elsewhere', async () => {
    const attempt = { queue: 'documents.default' } as Parameters<typeof score.body>[1]; // only the queue is read
    await expect(score.body({ text: 'a' } as never, attempt, {})).rejects.toThrow(
      "text.score: its body is in Python; expected the queue 'text.py', got 'documents.default'",
    );
  });
});
