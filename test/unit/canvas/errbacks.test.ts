/** How often error callbacks of chords inside of chords are called: the counts are those of Celery 5.7 over Redis. */
import { describe, expect, it } from 'vitest';
import type { EagerTask } from '../../../canvas/reference/evaluator.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { runBoth, runEngine } from './eager.ts';
import { call, chain, chord, group } from './signatures.ts';

const tasks: Readonly<Record<string, EagerTask>> = {
  add: () => 0,
  told: () => null,
  alsoTold: () => null,
  fail: () => {
    throw new TypeError('no');
  },
};

const telling = (signature: Signature, ...errbacks: readonly string[]): Signature => ({
  ...signature,
  options: { ...signature.options, link_error: errbacks.map((task) => call(task)) },
});
const add = call('add', [1], true);
const fail = call('fail');
const body = telling(call('add'), 'told');
const inner = chord([fail, add], body);

const cases: readonly (readonly [string, Signature, number])[] = [
  ['the bodies of a chord and of one in its header', chord([inner, add], body), 1],
  [
    'the chords instead of their bodies',
    telling(chord([telling(chord([fail, add], add), 'told'), add], add), 'told'),
    1,
  ],
  ['the outer chord, whose header shares it', telling(chord([chord([fail, add], add), add], add), 'told'), 1],
  ['three chords inside of each other', chord([chord([inner, add], body), add], body), 1],
  ['a chord at the end of a chain in the header', chord([chain([add, inner]), add], body), 1],
  ['a chord in a group in the header', chord([group([inner, add]), add], body), 1],
  ['two failing chords in a header', chord([inner, inner], body), 2],
  ['a body that is a group, in the header', chord([chord([fail, add], group([body, body])), add], body), 2],
  ['a body that is a group, of the outer chord', chord([inner, add], group([body, body])), 1],
  ['a member that fails beside the inner chord', chord([fail, inner], body), 1],
  ['a member and the body', chord([telling(fail, 'told'), add], body), 2],
  ['an inner body that fails itself', chord([chord([add, add], telling(fail, 'told')), add], body), 2],
  ['a chord in the header that is not the end of its chain', chord([chain([inner, add]), add], body), 2],
];

describe('one failure and one error callback on several bodies', () => {
  it.each(cases)('%s', async (_what, canvas, count) => {
    const { calls } = await runBoth(canvas, tasks);
    expect(calls.filter(({ task }) => task === 'told')).toHaveLength(count);
  });

  it.each([3, 1])('is told as often in parts of %d calls', async (weight) => {
    for (const [what, canvas, count] of cases) {
      const { calls } = await runEngine(canvas, tasks, {}, {}, weight);
      expect([what, calls.filter(({ task }) => task === 'told').length]).toEqual([what, count]);
    }
  });

  it('a body that is itself a chord has its error callback called when the header fails, unlike in Celery', async () => {
    for (const outer of [chord([add, add], body), telling(chord([add, add], add), 'told')]) {
      const { calls } = await runBoth(chord([fail, add], outer), tasks);
      expect(calls.filter(({ task }) => task === 'told')).toHaveLength(1);
    }
  });

  it('another error callback of the outer body is told as well: unlike in Celery, that body has failed', async () => {
    const { calls } = await runBoth(chord([inner, add], telling(call('add'), 'told', 'alsoTold')), tasks);
    expect(
      calls
        .map(({ task }) => task)
        .filter((task) => task.endsWith('old'))
        .sort(),
    ).toEqual(['alsoTold', 'told']);
  });
});
