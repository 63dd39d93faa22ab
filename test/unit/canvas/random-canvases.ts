/** Random canvases for property tests, and what makes two runs of one comparable. */
import fc from 'fast-check';
import { type EagerTask, ReplaceBy, TryAgain } from '../../../canvas/reference/evaluator.ts';
import { isSignature, type Signature } from '../../../canvas/signature/signature.ts';
import type { RecordedCall } from './eager.ts';
import { isRecord } from '../../../canvas/signature/json.ts';

/** What the calls of random canvases do. */
export const tasks: Readonly<Record<string, EagerTask>> = {
  wrap: (args, { n }) => ({ n, a: args }),
  fail: (args) => {
    throw new TypeError(`fails with ${args.length} arguments`);
  },
  again: (args, { n, times }, retries) => {
    if (retries < Number(times)) throw new TryAgain({ maxRetries: 2, args: [...args, 'again'] });
    return { n, a: args };
  },
  replaced: (_args, { by }) => {
    if (isSignature(by)) throw new ReplaceBy(by);
    return null;
  },
  note: () => null,
};

let numbers = 0;

const note: fc.Arbitrary<Signature> = fc.record({ immutable: fc.boolean() }).map(({ immutable }) => ({
  task: 'note',
  args: [(numbers += 1)],
  kwargs: {},
  options: {},
  subtask_type: null,
  immutable,
}));

/** Error callbacks ignore what they are told: the two evaluators tell it in different words. */
const errback = note.map((signature) => ({ ...signature, immutable: true }));

const call: fc.Arbitrary<Signature> = fc
  .record({
    task: fc.oneof(
      { weight: 12, arbitrary: fc.constant('wrap') },
      { weight: 1, arbitrary: fc.constant('fail') },
      { weight: 1, arbitrary: fc.constant('again') },
    ),
    args: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }),
    times: fc.integer({ min: 0, max: 3 }),
    immutable: fc.boolean(),
    link: fc.option(fc.array(note, { maxLength: 2 }), { freq: 6, nil: [] }),
    link_error: fc.option(fc.array(errback, { maxLength: 2 }), { freq: 4, nil: [] }),
    compensate: fc.option(note, { freq: 5, nil: undefined }),
  })
  .map(({ task, args, times, immutable, link, link_error, compensate }) => ({
    task,
    args,
    kwargs: { n: (numbers += 1), ...(task === 'again' ? { times } : {}) },
    options: { link, link_error, ...(compensate === undefined ? {} : { compensate }) },
    subtask_type: null,
    immutable,
  }));

const compose = (kind: string, kwargs: Record<string, unknown>, options: Signature['options'] = {}): Signature => ({
  task: `celery.${kind}`,
  args: [],
  kwargs,
  options,
  subtask_type: kind,
  immutable: false,
});

const joins: fc.Arbitrary<Signature['options']> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ join: { policy: 'collect' as const } }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 100 }).map((percent) => ({ join: { policy: 'threshold' as const, percent } })),
  },
);

const conditions = fc.oneof(
  fc.record({ path: fc.constantFrom('0', '1.n', 'a.0', ''), exists: fc.boolean() }),
  fc.record({ path: fc.constantFrom('n', '0.n'), greater: fc.nat(50) }),
  fc.record({ truthy: fc.boolean() }),
);

const solid = (part: fc.Arbitrary<Signature>): fc.Arbitrary<Signature> => part.filter((one) => !isVacuous(one));

const step = (task: string, kwargs: Record<string, unknown>, immutable: boolean): Signature => ({
  task,
  args: [],
  kwargs,
  options: {},
  subtask_type: null,
  immutable,
});

/** Any shape, with failing, retrying and replaced calls, callbacks, and joins whose result does not depend on time. */
export const canvas: fc.Arbitrary<Signature> = fc.letrec<{ part: Signature }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    { weight: 4, arbitrary: call },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(tie('part'), { maxLength: 4 }), fc.option(note, { freq: 5, nil: undefined }))
        .map(([parts, link]) => compose('chain', { tasks: parts }, link === undefined ? {} : { link: [link] })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(tie('part'), { maxLength: 3 }), joins)
        .map(([parts, join]) => compose('group', { tasks: parts }, join)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(tie('part'), { maxLength: 3 }), solid(tie('part')), joins)
        .map(([header, body, join]) => compose('chord', { header, body, kwargs: {} }, join)),
    },
    {
      weight: 1,
      arbitrary: tie('part').map((by) => ({
        task: 'replaced',
        args: [],
        kwargs: { by },
        options: {},
        immutable: true,
      })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(conditions, solid(tie('part')), fc.option(solid(tie('part')), { nil: undefined }), fc.boolean())
        .map(([test, then, other, immutable]) =>
          step('perennial.when', { test, then, ...(other === undefined ? {} : { else: other }) }, immutable),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(solid(tie('part')), fc.option(fc.array(fc.nat(9), { maxLength: 3 }), { nil: undefined }), joins)
        .map(([task, list, options]) => ({
          ...step('perennial.map', { task, ...options }, list !== undefined),
          args: list === undefined ? [] : [list],
        })),
    },
  ),
})).part;

/** Does nothing at all: as a body there is no rule for it, as there is none in Celery. */
function isVacuous({ task, kwargs }: Signature): boolean {
  const parts = kwargs?.['tasks'];
  if (task !== 'celery.chain' && task !== 'celery.group') return false;
  return Array.isArray(parts) && parts.every((part: Signature) => isVacuous(part));
}

/** Calls in an order that does not depend on time. */
export const sorted = (calls: readonly RecordedCall[]): readonly string[] =>
  calls
    .filter(({ task }) => task !== 'celery.accumulate')
    .map((one) => JSON.stringify(sameWords(one)))
    .sort();

/** Failures in collected outcomes without the words, which the two evaluators do not share. */
export function sameWords(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner) && inner['ok'] === false ? { ok: false } : inner,
  );
  return JSON.parse(text) as unknown;
}
