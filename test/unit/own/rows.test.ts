import { describe, expect, expectTypeOf, it } from 'vitest';
import { runTaskInline } from '../../../activities/shell/inline.ts';
import { activitiesOf } from '../../../activities/shell/activities-of.ts';
import { schemasOf } from '../../../contracts/own/schema.ts';
import { ownTask } from '../../../contracts/own/vocabulary.ts';
import { fourTimes180s, standardLimits } from '../../../contracts/tasks/policies.ts';
import { queues } from '../../../contracts/queues/names.ts';
import type { InputOf, OutputOf, TaskDefinition } from '../../../contracts/tasks/definition.ts';

const rows = {
  count: ownTask({
    name: 'own.count',
    purpose: 'Counts words.',
    input: (z) => z.strictObject({ text: z.string() }),
    output: (z) => z.object({ words: z.int() }),
  }),
  shout: ownTask({
    name: 'own.shout',
    purpose: 'Says it loudly.',
    queue: queues.documentsLowPriority,
    retry: { attempts: 1, delayMs: 1, reason: 'Loud enough.' },
    input: (z) => z.string(),
    output: (z) => z.string(),
  }),
} as const;

const options = {
  log: (): never => {
    throw new TypeError('the log of a worker is not asked inline');
  },
};

describe('a row of one’s own', () => {
  it('has the name, and the types of its schemas', () => {
    expectTypeOf(rows.count.name).toEqualTypeOf<'own.count'>();
    expectTypeOf<InputOf<typeof rows.count>>().toEqualTypeOf<{ text: string }>();
    expectTypeOf<OutputOf<typeof rows.count>>().toEqualTypeOf<{ words: number }>();
    expectTypeOf(rows.shout).toExtend<TaskDefinition<'own.shout', string, string>>();
    // @ts-expect-error a name of another domain
    expect(ownTask({ ...rows.shout, name: 'email.send', ...rows.shout.schemas }).name).toBe('email.send');
  });

  it('has defaults for what it leaves out, and its own word for what it says', () => {
    expect(rows.count).toMatchObject({ queue: queues.documentsDefault, retry: fourTimes180s, limits: standardLimits });
    expect(rows.shout).toMatchObject({ queue: queues.documentsLowPriority, retry: { attempts: 1 } });
  });

  it('makes its schemas outside of workflow code', () => {
    const { input, output } = schemasOf(rows)['own.count'];
    expect(input.safeParse({ text: 'a' }).success).toBe(true);
    expect(input.safeParse({ text: 1 }).success).toBe(false);
    expect(output.safeParse({ words: 1.5 }).success).toBe(false);
  });
});

describe('activities of one’s own', () => {
  it('check input and output, and give each body its own row', async () => {
    const activities = activitiesOf(rows, schemasOf(rows), () => ({
      count: ({ text }) => Promise.resolve({ words: text.length / 2 }),
      shout: (text) => Promise.resolve(text.toUpperCase()),
    }))({}, options);
    const run = (name: string, input: unknown) => runTaskInline(activities, name as never, input as never);
    await expect(run('own.shout', 'a')).resolves.toBe('A');
    await expect(run('own.count', { text: 'ab' })).resolves.toEqual({ words: 1 });
    await expect(run('own.count', { text: 'abc' })).rejects.toMatchObject({ type: 'InvalidOutput' });
    await expect(run('own.count', { texts: 'ab' })).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});
