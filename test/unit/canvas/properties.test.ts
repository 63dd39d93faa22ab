import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSignature } from '../../../canvas/parse.ts';
import { type EagerTask, ReplaceBy, runEagerly, TryAgain } from '../../../canvas/reference.ts';
import { isSignature, type Signature } from '../../../canvas/signature.ts';
import { type RecordedCall, runEngine } from './eager.ts';

interface RandomCase {
  readonly id: string;
  readonly canvas: Signature;
  readonly expected: {
    readonly get: { readonly value?: unknown; readonly raises?: unknown };
    readonly executed: object;
  };
  readonly oracle?: { readonly get: { readonly value?: unknown; readonly raises?: boolean } };
}

const { cases } = JSON.parse(readFileSync(new URL('../../conformance/cases.json', import.meta.url), 'utf8')) as {
  cases: readonly RandomCase[];
};

const tasks: Readonly<Record<string, EagerTask>> = {
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
  })
  .map(({ task, args, times, immutable, link, link_error }) => ({
    task,
    args,
    kwargs: { n: (numbers += 1), ...(task === 'again' ? { times } : {}) },
    options: { link, link_error },
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

const canvas: fc.Arbitrary<Signature> = fc.letrec<{ part: Signature }>((tie) => ({
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
      arbitrary: fc.array(tie('part'), { maxLength: 3 }).map((parts) => compose('group', { tasks: parts })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.array(tie('part'), { maxLength: 3 }),
          tie('part').filter((body) => !isVacuous(body)),
        )
        .map(([header, body]) => compose('chord', { header, body, kwargs: {} })),
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
  ),
})).part;

/** Does nothing at all: as a body there is no rule for it, as there is none in Celery. */
function isVacuous({ task, kwargs }: Signature): boolean {
  const parts = kwargs?.['tasks'];
  if (task !== 'celery.chain' && task !== 'celery.group') return false;
  return Array.isArray(parts) && parts.every((part: Signature) => isVacuous(part));
}

const sorted = (calls: readonly RecordedCall[]): readonly string[] =>
  calls
    .filter(({ task }) => task !== 'celery.accumulate')
    .map((one) => JSON.stringify(one))
    .sort();

describe('random canvases', () => {
  it('the engine and the reference give the same result and make the same calls', async () => {
    await fc.assert(
      fc.asyncProperty(canvas, fc.array(fc.integer(), { maxLength: 2 }), async (signature, args) => {
        const engine = await runEngine(signature, tasks, { args });
        const reference = await runEagerly(signature, tasks, { args });
        expect(engine.outcome.ok).toBe(reference.result.ok);
        if (engine.outcome.ok && reference.result.ok) {
          const { value } = reference.result;
          // The one place where the engine unwraps a list because Celery does: a group that stands alone in a group.
          const [only] = Array.isArray(value) && value.length === 1 ? (value as unknown[]) : [];
          expect(Array.isArray(only) ? [value, only] : [value]).toContainEqual(engine.outcome.value);
        }
        expect(sorted(engine.calls)).toEqual(sorted(reference.calls));
      }),
      { numRuns: 1500 },
    );
  });

  it('are valid by the parser and stay the same through it', () => {
    fc.assert(
      fc.property(canvas, (signature) => {
        const text = JSON.stringify(signature);
        expect(JSON.stringify(parseSignature(JSON.parse(text)))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('no call runs twice, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(canvas, async (signature) => {
        const { requests } = await runEngine(signature, tasks);
        const attempts = requests.map(({ path, retries, id }) => `${path} ${id} ${retries}`);
        expect(new Set(attempts).size).toBe(attempts.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('random canvases that were run on Celery', () => {
  const random = cases.filter(({ id }) => id.startsWith('random'));

  it('there are some', () => {
    expect(random.length).toBeGreaterThan(20);
  });

  it.each(random.map((one) => [one.id, one] as const))('%s', async (_id, { canvas: recorded, expected, oracle }) => {
    const wanted = oracle?.get ?? expected.get;
    const engine = await runEngine(recorded, tasks);
    const reference = await runEagerly(recorded, tasks);
    if (wanted.raises !== undefined) {
      expect([engine.outcome.ok, reference.result.ok]).toEqual([false, false]);
    } else {
      expect(engine.outcome).toEqual({ ok: true, value: wanted.value });
      expect(reference.result).toEqual({ ok: true, value: wanted.value });
    }
    expect(sorted(engine.calls)).toEqual(sorted(reference.calls));
  });
});
