import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { shell } from '../../../activities/shell/shell.ts';
import { runTaskInline } from '../../../activities/shell/inline.ts';
import { chain, task } from '../../../canvas/build/builders.ts';
import type { PerennialClient } from '../../../client/index.ts';
import {
  findTask,
  isQueue,
  packedAmong,
  register,
  registerTasks,
  schemasOf,
} from '../../../contracts/register.schema.ts';
import { routeTask } from '../../../contracts/queues/routing.ts';
import { standardLimits } from '../../../contracts/tasks/policies.ts';
import { defineTask, type StandardSchema, type TaskContext } from '../../../define/index.ts';
import { isDefinedTask } from '../../../define/task.ts';
import { silentLog } from '../../support/silent-log.ts';

const countWords = defineTask(
  {
    name: 'text.countWords',
    aliases: ['legacy.count'],
    parameters: ['text'],
    input: z.strictObject({ text: z.string() }),
    output: z.object({ words: z.int() }),
  },
  ({ text }) => ({ words: text.split(/\s+/).filter((word) => word !== '').length }),
);

const isEven = defineTask(
  { name: 'math.isEven', input: z.object({ words: z.int() }), output: z.boolean(), queue: 'math.all', batchable: true },
  async ({ words }) => Promise.resolve(words % 2 === 0),
);

type Tasks = { readonly countWords: typeof countWords; readonly isEven: typeof isEven };

let undo: () => void = () => undefined;

afterEach(() => {
  undo();
  undo = () => undefined;
});

function run(defined: unknown, input: unknown): Promise<unknown> {
  if (!isDefinedTask(defined)) throw new TypeError('expected a defined task');
  const activity = shell(defined, defined.schemas, (given, context) => defined.body(given, context, {}), {
    log: () => silentLog,
  });
  return runTaskInline({ [defined.name]: activity }, defined.name as never, input as never);
}

describe('a defined task', () => {
  it('has the types of its schemas', () => {
    expectTypeOf(countWords.name).toEqualTypeOf<'text.countWords'>();
    type Client = PerennialClient<Tasks>;
    const byName = (client: Client) => client.task('text.countWords').call({ text: 'a' });
    expectTypeOf(byName).returns.resolves.toHaveProperty('result');
    expectTypeOf<Awaited<ReturnType<Awaited<ReturnType<typeof byName>>['result']>>>().toEqualTypeOf<{
      words: number;
    }>();
    const wrong = (client: Client): unknown[] => [
      // @ts-expect-error a field of another type
      client.task('text.countWords').call({ text: 1 }),
      // @ts-expect-error no task has this name
      client.task('text.countWord'),
      // @ts-expect-error a client without tasks of the application does not know it
      (client as PerennialClient).task('text.countWords'),
      // @ts-expect-error the definition has the same types
      client.task(isEven).call({ text: 'a' }),
    ];
    expect(wrong).toBeTypeOf('function');
  });

  it('composes with types, and what cannot follow does not compile', () => {
    const steps = chain(task(countWords).si({ text: 'a b' }), task(isEven).s());
    expect(steps.task).toBe('celery.chain');
    // @ts-expect-error a truth is no text
    chain(task(isEven).si({ words: 1 }), task(countWords).s());
  });

  it('has defaults for what it leaves out, and keeps what it says', () => {
    expect(countWords).toMatchObject({
      queue: 'documents.default',
      retry: { attempts: 4 },
      limits: { softMs: standardLimits.softMs },
    });
    const own = defineTask(
      { name: 'a.b', input: z.string(), output: z.string(), retry: { attempts: 2 }, limits: { softMs: 5 } },
      (text) => text,
    );
    expect(own.retry).toMatchObject({ attempts: 2, delayMs: 180_000 });
    expect(own.limits).toMatchObject({ softMs: 5, hardMs: 600_000 });
  });

  it('runs with the checks of a worker', async () => {
    undo = register({ tasks: [countWords] });
    await expect(run(countWords, { text: ' one two ' })).resolves.toEqual({ words: 2 });
    await expect(run(countWords, { text: 3 })).rejects.toMatchObject({ type: 'InvalidInput' });
    const liar = defineTask({ name: 'a.liar', input: z.string(), output: z.int() }, () => 1.5);
    await expect(run(liar, 'x')).rejects.toMatchObject({ type: 'InvalidOutput' });
  });

  it('is refused without a schema or a body, by what an application in JavaScript gave', () => {
    const row = { name: 'a.b', input: z.string(), output: z.string() };
    expect(() => defineTask(row, 'body' as never)).toThrow('a.b: body: expected a function, got string');
    expect(() => defineTask({ ...row, output: 3 as never }, (text) => text as never)).toThrow(
      /a\.b: output: expected a schema of zod, or .*, got number/,
    );
  });

  it('gets log, key, tenant, progress and signal', async () => {
    const seen: (keyof TaskContext)[] = ['log', 'idempotencyKey', 'tenant', 'progress', 'signal', 'attempt'];
    const curious = defineTask(
      { name: 'a.curious', input: z.string(), output: z.array(z.string()) },
      (_text, context) => {
        context.log.info('looked', { at: 1 });
        context.progress({ at: 1 });
        return seen.map((name) => typeof context[name]);
      },
    );
    expect(await run(curious, 'x')).toEqual(['object', 'string', 'undefined', 'function', 'object', 'number']);
  });

  it('takes schemas of any library that follows Standard Schema', async () => {
    const upper: StandardSchema<string, string> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          typeof value === 'string'
            ? { value: value.toUpperCase() }
            : { issues: [{ message: 'expected a text', path: ['deep', { key: 0 }] }] },
      },
    };
    const echo = defineTask({ name: 'a.echo', input: upper, output: upper }, (text) => `${text}!`);
    await expect(run(echo, 'a')).resolves.toBe('A!');
    await expect(run(echo, 1)).rejects.toMatchObject({
      message: expect.stringContaining('deep[0]: expected a text') as string,
    });
    expect(() => defineTask({ name: 'a.b', input: upper, output: {} as StandardSchema }, () => '')).toThrow(
      'a.b: output: expected a schema of zod',
    );
    const slow: StandardSchema<string> = {
      '~standard': { version: 1, vendor: 'test', validate: (value) => Promise.resolve({ value: String(value) }) },
    };
    const late = defineTask({ name: 'a.late', input: slow, output: upper }, (text) => text);
    await expect(run(late, 'a')).rejects.toMatchObject({
      message: expect.stringContaining('checks at once') as string,
    });
  });
});

describe('the register', () => {
  it('finds added tasks by name and alias, with their schemas, queues and priority', () => {
    expect(findTask('text.countWords')).toBeUndefined();
    undo = register({
      tasks: [countWords, isEven],
      queues: [{ queue: 'math.all', priority: 8, slots: 2, purpose: '' }],
    });
    expect(findTask('legacy.count')).toBe(findTask('text.countWords'));
    expect(schemasOf(countWords)).toBe(countWords.schemas);
    expect(isQueue('math.all')).toBe(true);
    expect(routeTask(findTask('math.isEven') ?? isEven, {})).toEqual({ queue: 'math.all', priority: 8 });
    expect(packedAmong(['math.isEven', 'text.countWords'])).toEqual({ 'math.isEven': 'math.all' });
    undo();
    expect(findTask('text.countWords')).toBeUndefined();
    expect(isQueue('math.all')).toBe(false);
  });

  it('adds nothing when a name is taken or a queue is unknown', () => {
    const taken = defineTask({ name: 'samples.add', input: z.string(), output: z.string() }, (text) => text);
    expect(() => register({ tasks: [countWords, taken] })).toThrow(
      /samples\.add: expected a name that no other task has/,
    );
    expect(() => register({ tasks: [countWords, countWords] })).toThrow(/no other task has/);
    expect(() => register({ tasks: [countWords, isEven] })).toThrow(/math\.isEven: expected a queue/);
    expect(findTask('text.countWords')).toBeUndefined();
  });

  it('takes the exports of a module as often as a client connects', () => {
    undo = registerTasks({ countWords, isEven, other: 'no task' });
    registerTasks({ countWords, twice: countWords });
    registerTasks();
    expect(findTask('text.countWords')?.name).toBe('text.countWords');
    expect(() => registerTasks({ other: { ...countWords, schemas: { ...countWords.schemas } } })).toThrow(
      /no other task has/,
    );
  });
});
