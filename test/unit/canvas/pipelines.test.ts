import { describe, expect, expectTypeOf, it } from 'vitest';
import { chain } from '../../../canvas/build/builders.ts';
import { approval, pipeline } from '../../../canvas/build/step-builders.ts';
import { atOnce } from '../../../contracts/values/turns.ts';
import { checkCanvas } from '../../../client/canvas/input.ts';
import { CANVAS_PIPELINES, isCanvasPipeline, pipelineWorkflowId } from '../../../contracts/canvas/pipelines.ts';
import type { Approved } from '../../../contracts/canvas/steps.ts';
import type { BatchSummary } from '../../../contracts/documents/schema.ts';
import { workflowArguments } from '../../../contracts/catalogue.schema.ts';
import * as workflows from '../../../workflows/index.ts';
import type { Gives, TypedSignature } from '../../../canvas/build/typed.ts';

const run = (kwargs: object, immutable = true): object => ({ task: 'perennial.pipeline', kwargs, immutable });

describe('pipelines that a canvas may run', () => {
  it('are workflows whose arguments have a schema, each with ids of its own', () => {
    for (const name of CANVAS_PIPELINES)
      expect([name, name in workflows, name in workflowArguments]).toEqual([name, true, true]);
    const made = CANVAS_PIPELINES.map((name) => (isCanvasPipeline(name) ? pipelineWorkflowId(name, 'k') : ''));
    expect(new Set(made).size).toBe(CANVAS_PIPELINES.length);
  });

  it('an input that is complete is checked before anything starts', () => {
    const batch = pipeline('batchOcr').si({ paths: ['/scans'] });
    expect(atOnce(checkCanvas(batch, { externalOnly: true })).signature).toBe(batch);
    const faultOf = (kwargs: object, immutable?: boolean): unknown => {
      try {
        atOnce(checkCanvas(run(kwargs, immutable), { externalOnly: true }));
        return 'no fault';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(faultOf({ name: 'batchOcr', input: { paths: 7 } })).toBe('canvas.kwargs.input.paths: expected array, got 7');
    expect(faultOf({ name: 'generateDailyReport' })).toBe('no fault');
    expect(faultOf({ name: 'extractInvoiceData' })).toBe(
      'canvas.kwargs.input: expected an input of extractInvoiceData, got nothing',
    );
    expect(faultOf({ name: 'runCanvas' })).toContain('canvas.kwargs.name: expected a pipeline that a canvas may start');
    // What comes before it may be what is missing.
    expect(faultOf({ name: 'batchOcr', input: {} }, false)).toBe('no fault');
  });

  it('types follow their results, and those of approvals', () => {
    const batch = pipeline('batchOcr').si({ paths: ['/scans'] });
    expectTypeOf(batch).toEqualTypeOf<TypedSignature<unknown, BatchSummary>>();
    const asked = chain(batch, approval<BatchSummary>({ gives: 'decision', timeout: 60 }));
    expectTypeOf<Gives<typeof asked>>().toEqualTypeOf<Approved<BatchSummary>>();
    // @ts-expect-error no such pipeline
    pipeline('runCanvas');
    // @ts-expect-error paths are a list
    pipeline('batchOcr').si({ paths: '/scans' });
    expect(asked.kwargs?.['tasks']).toHaveLength(2);
  });
});
