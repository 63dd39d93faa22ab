/** Workflows of ours that a canvas may run as one of its steps, by name (`perennial.pipeline`). */
import type { BatchOcrInput, BatchSummary, ExtractInvoiceOutput } from '../documents/schema.ts';
import { documentWorkflowId, documentWorkflows } from '../documents/vocabulary.ts';
import type { ImportInput, ImportResult } from '../imports/schema.ts';
import { importWorkflowId, importWorkflows } from '../imports/vocabulary.ts';
import type { CalendarOptions } from '../reports/schema.ts';
import { reportWorkflowId, reportWorkflows } from '../reports/vocabulary.ts';

/** What each pipeline takes, and gives where that is said in `contracts/`. */
export interface PipelineTypes {
  readonly batchOcr: readonly [BatchOcrInput, BatchSummary];
  /** Takes the id of a document. */
  readonly processDocumentOcr: readonly [string, unknown];
  /** Takes the id of a document that was read. */
  readonly extractInvoiceData: readonly [string, ExtractInvoiceOutput];
  readonly dataImport: readonly [ImportInput, ImportResult];
  readonly generateDailyReport: readonly [CalendarOptions, unknown];
  readonly generateWeeklyReport: readonly [CalendarOptions, unknown];
  readonly createMonthlyReport: readonly [CalendarOptions, unknown];
  /** Takes the id of a user. */
  readonly userDailyReport: readonly [string, unknown];
}

/** Name of a pipeline: that of its workflow. */
export type CanvasPipeline = keyof PipelineTypes;

/** The workflow id of a run, by the id of the step: rows and blobs of a pipeline are found by it. */
const ids: Readonly<Record<CanvasPipeline, (key: string) => string>> = {
  [documentWorkflows.batchOcr]: (key) => documentWorkflowId('batchOcr', key),
  [documentWorkflows.processDocumentOcr]: (key) => documentWorkflowId('processDocumentOcr', key),
  [documentWorkflows.extractInvoiceData]: (key) => documentWorkflowId('extractInvoiceData', key),
  [importWorkflows.dataImport]: importWorkflowId,
  [reportWorkflows.generateDailyReport]: (key) => reportWorkflowId('generateDailyReport', key),
  [reportWorkflows.generateWeeklyReport]: (key) => reportWorkflowId('generateWeeklyReport', key),
  [reportWorkflows.createMonthlyReport]: (key) => reportWorkflowId('createMonthlyReport', key),
  [reportWorkflows.userDailyReport]: (key) => reportWorkflowId('userDailyReport', key),
};

/** Names of all pipelines. */
export const CANVAS_PIPELINES: readonly string[] = Object.keys(ids);

/** Says whether a canvas may run the workflow of that name. */
export function isCanvasPipeline(name: unknown): name is CanvasPipeline {
  return typeof name === 'string' && Object.hasOwn(ids, name);
}

/** The workflow id of a pipeline that a step runs; `key` is the id of the step. */
export function pipelineWorkflowId(name: CanvasPipeline, key: string): string {
  return ids[name](key);
}
