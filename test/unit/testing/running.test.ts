import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { chain, chord, task } from '../../../canvas/index.ts';
import { findTask } from '../../../contracts/register.schema.ts';
import { defineTask } from '../../../define/index.ts';
import { runCanvas, runTask } from '../../../testing/index.ts';

const countWords = defineTask(
  {
    name: 'text.countWords',
    parameters: ['text'],
    input: z.strictObject({ text: z.string() }),
    output: z.int(),
  },
  ({ text }, { log }) => {
    log.info('counting', { characters: text.length });
    return text === 'lies' ? 0.5 : text.split(' ').length;
  },
);

const total = defineTask(
  { name: 'text.total', parameters: ['counts'], input: z.object({ counts: z.array(z.int()) }), output: z.int() },
  ({ counts }) => counts.reduce((sum, count) => sum + count, 0),
);

const countAll = defineTask(
  { name: 'text.countAll', composes: true, input: z.array(z.string()), output: z.int() },
  (texts, { replaceWith }) =>
    replaceWith(
      chord(
        texts.map((text) => task(countWords).si({ text })),
        task(total).into('counts', {}),
      ),
    ),
);

const failing = defineTask({ name: 'text.failing', input: z.null(), output: z.null() }, (_input, { attempt }) => {
  throw new RangeError(`attempt ${attempt}`);
});

const tasks = { countWords, total, countAll, other: 'no task' };

describe('TEST-1 a task of an application without a server', () => {
  it('gives its output, with its types', async () => {
    const words = await runTask(countWords, { text: 'a b' });
    expectTypeOf(words).toEqualTypeOf<number>();
    expect(words).toBe(2);
    // @ts-expect-error a text is no number
    await expect(runTask(countWords, { text: 1 })).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(runTask(countWords, { text: 'lies' })).rejects.toMatchObject({ type: 'InvalidOutput' });
  });

  it('tells its lines, attempt and errors as they are', async () => {
    const lines: string[] = [];
    await runTask(countWords, { text: 'a' }, { logs: (line) => lines.push(line) });
    expect(lines).toEqual([
      'text.countWords started',
      'text.countWords: counting {"characters":1}',
      'text.countWords succeeded',
    ]);
    await expect(runTask(failing, null, { attempt: 3 })).rejects.toThrow(new RangeError('attempt 3'));
  });

  it('runs the canvases that it asks for, over the tasks that the test names', async () => {
    expect(await runTask(countAll, ['a', 'b c'], { tasks })).toBe(3);
    const { total: _left, ...others } = tasks;
    await expect(runTask(countAll, ['a'], { tasks: others })).rejects.toMatchObject({
      type: 'InvalidOutput',
      message: expect.stringMatching(/canvas\.kwargs.*text\.total/) as string,
    });
  });

  it('may run at the same time as others, and leaves no trace in the process', async () => {
    const runs = ['a', 'a b', 'a b c'].map((text) => runTask(countWords, { text }));
    expect(await Promise.all(runs)).toEqual([1, 2, 3]);
    expect(findTask('text.countWords')).toBeUndefined();
  });
});

describe('TEST-1 a canvas of an application without a server', () => {
  it('gives the result of its last step, with its types', async () => {
    const counts = ['a', 'b c'].map((text) => task(countWords).si({ text }));
    const sum = await runCanvas(chord(counts, task(total).into('counts', {})), tasks);
    expectTypeOf(sum).toEqualTypeOf<number>();
    expect(sum).toBe(3);
    expect(await runCanvas(task(countWords).s(), tasks, { args: ['a b c'] })).toBe(3);
  });

  it('fails with what its call throws, and with the path of a fault', async () => {
    const wrong = chain({ task: 'text.countWords', args: [1] } as never);
    await expect(runCanvas(wrong, tasks)).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(runCanvas({ task: 'text.missing' }, tasks)).rejects.toThrow(/task: .*text\.missing/);
  });
});
