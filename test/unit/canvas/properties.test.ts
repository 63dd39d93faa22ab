import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import { runEagerly } from '../../../canvas/reference/evaluator.ts';
import type { CallEvent } from '../../../canvas/engine/runtime.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import type { DetachedCanvas } from '../../../canvas/splitting/detached.ts';
import { keepIn, type RecordedCall, replyOf, runEngine, runKept } from './eager.ts';
import { packedWorld } from './packed.ts';
import { canvas, sameWords, sorted, tasks } from './random-canvases.ts';
import type { CallRequest } from '../../../canvas/model/request.ts';

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

/** Without ids, and without the words of failures: a group fails with what came first in time, which parts may change. */
const withoutTime = (value: unknown): string =>
  JSON.stringify(sameWords(value))
    .replaceAll(/\bid-\d+/g, 'id')
    .replaceAll(/"type":"[^"]*","message":"(?:[^"\\]|\\.)*"/g, '"failure"');

/** Everything of the calls but ids and the order of time. */
const places = (requests: readonly CallRequest[]): readonly string[] =>
  requests
    .map(({ task, args, kwargs, path, retries, group, inChord, inline }) =>
      withoutTime([task, args, kwargs, path, retries, group === null ? null : [group.index], inChord, inline]),
    )
    .sort();

describe('random canvases', () => {
  it('the engine and the reference give the same result and make the same calls', async () => {
    await fc.assert(
      fc.asyncProperty(canvas, fc.array(fc.integer(), { maxLength: 2 }), async (signature, args) => {
        const engine = await runEngine(signature, tasks, { args });
        const reference = await runEagerly(signature, tasks, { args });
        expect(engine.outcome.ok).toBe(reference.result.ok);
        if (engine.outcome.ok && reference.result.ok) {
          const value = sameWords(reference.result.value);
          // The one place where the engine unwraps a list because Celery does: a group that stands alone in a group.
          const [only] = Array.isArray(value) && value.length === 1 ? (value as unknown[]) : [];
          expect(Array.isArray(only) ? [value, only] : [value]).toContainEqual(sameWords(engine.outcome.value));
        }
        expect(sorted(engine.calls)).toEqual(sorted(reference.calls));
      }),
      { numRuns: 1500 },
    );
  });

  it('CANVAS-10 in parts give the same as in one run, and make the same calls at the same places', async () => {
    let cuts = 0;
    await fc.assert(
      fc.asyncProperty(canvas, fc.integer({ min: 1, max: 5 }), async (signature, weight) => {
        const whole = await runEngine(signature, tasks);
        const inParts = await runEngine(signature, tasks, {}, {}, weight);
        cuts += inParts.parts.length;
        expect(inParts.outcome.ok).toBe(whole.outcome.ok);
        if (whole.outcome.ok) expect(withoutTime(inParts.outcome)).toBe(withoutTime(whole.outcome));
        expect(places(inParts.requests)).toEqual(places(whole.requests));
      }),
      { numRuns: 1500 },
    );
    expect(cuts).toBeGreaterThan(1000);
  });

  it('CANVAS-10 with callbacks that go on elsewhere give the same, make the same calls, and wait for none of them', async () => {
    let detached = 0;
    await fc.assert(
      fc.asyncProperty(canvas, async (signature) => {
        const here = await runEngine(signature, tasks);
        const elsewhere: DetachedCanvas[] = [];
        const left = await runEngine(signature, tasks, {}, { detach: keepIn(elsewhere) });
        expect(left.requests.filter(({ path }) => /\/(link|errback|sent)\//.test(path))).toEqual([]);
        const later = await runKept(elsewhere, tasks);
        detached += later.length;
        expect(left.outcome.ok).toBe(here.outcome.ok);
        if (here.outcome.ok) expect(withoutTime(left.outcome)).toBe(withoutTime(here.outcome));
        expect(places([...left.requests, ...later])).toEqual(places(here.requests));
      }),
      { numRuns: 500 },
    );
    expect(detached).toBeGreaterThan(100);
  });

  it('CANVAS-1 CANVAS-2 CANVAS-3 in packs they give the same result, make the same calls and tell the same events', async () => {
    await fc.assert(
      fc.asyncProperty(canvas, fc.integer({ min: 1, max: 9 }), async (signature, callsOfAPack) => {
        const plainEvents: string[] = [];
        const packedEvents: string[] = [];
        const noteIn = (events: string[]) => (event: CallEvent) => {
          const failure = event.failure?.type; // messages hold ids, and which of two members failed first
          events.push(JSON.stringify([event.path, event.task, event.state, event.retries, failure]));
        };
        const plain = await runEngine(signature, tasks, {}, { notify: noteIn(plainEvents) });
        const world = packedWorld({
          tasks,
          packable: ['wrap', 'fail', 'note'],
          callsOfAPack,
          single: (call) => replyOf(tasks, { ...call, retries: 0 }),
        });
        const others: RecordedCall[] = [];
        const packed = await runEngine(
          signature,
          tasks,
          {},
          {
            ...world.runtime,
            call: (request) => {
              if (['wrap', 'fail', 'note'].includes(request.task)) return world.runtime.call(request);
              others.push({ task: request.task, args: request.args, kwargs: request.kwargs });
              return replyOf(tasks, request);
            },
            notify: noteIn(packedEvents),
          },
        );
        expect(packed.outcome.ok).toBe(plain.outcome.ok);
        expect(sameWords(packed.outcome)).toEqual(sameWords(plain.outcome));
        const made = [...world.calls, ...others, ...world.singles.map(({ call }) => call)];
        expect(sorted(made)).toEqual(sorted(plain.calls));
        expect(packedEvents.toSorted()).toEqual(plainEvents.toSorted());
      }),
      { numRuns: 500 },
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
