import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCanvas } from '../../../canvas/engine/engine.ts';
import type { CanvasRuntime } from '../../../canvas/engine/runtime.ts';
import { type Observation, observeAll, type RunCanvas, runLocally } from '../../../conformance/cases.ts';
import { createLocalRuntime } from '../../../conformance/local.ts';
import { judge, type RecordedCase } from '../../support/canvas/score.ts';
import { partsOf } from './eager.ts';

const file = readFileSync(new URL('../../conformance/cases.json', import.meta.url), 'utf8');
const { cases } = JSON.parse(file) as { cases: readonly RecordedCase[] };

describe('what Celery does, the engine does in one process', () => {
  let observed: Readonly<Record<string, Observation>> = {};
  beforeAll(async () => {
    observed = await observeAll(cases, runLocally, 32);
  });

  const normative = cases.filter((recorded) => recorded.normative);

  it('there are enough cases to mean something', () => {
    expect(normative.length).toBeGreaterThan(100);
  });

  it.each(normative.map((recorded) => [recorded.id, recorded] as const))('%s', (id, recorded) => {
    expect(judge(recorded, observed[id]!)).toEqual([]);
  });

  it.each(cases.filter(({ sane }) => sane !== undefined).map((recorded) => [recorded.id, recorded] as const))(
    '%s comes out as it should, not as Celery has it',
    (id, recorded) => {
      expect(observed[id]?.get).toEqual(recorded.sane?.get);
    },
  );
});

describe('what Celery does, the engine does in parts', () => {
  const runInParts: RunCanvas = (_token, canvas, call, log) => {
    const runtime: CanvasRuntime = { ...createLocalRuntime(log), partRunner: partsOf(() => runtime, 2) };
    return runCanvas(runtime, canvas, call);
  };

  it('every normative case comes out as recorded', async () => {
    const normative = cases.filter((recorded) => recorded.normative);
    const observed = await observeAll(normative, runInParts, 32);
    const problems = normative.flatMap((recorded) =>
      judge(recorded, observed[recorded.id]!).map((problem) => `${recorded.id}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });
});
