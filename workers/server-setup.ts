/** Prepares a Temporal server for this product, and reports what it could not change. */
import { setTimeout as sleep } from 'node:timers/promises';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { RESULTS_KEPT_SECONDS, searchAttributeTypes } from '../contracts/tasks/calls.ts';

/** The part of a logger that reports the findings. */
export interface SetupLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/**
 * Milliseconds until a server accepts new search attributes: it looks for them every 2 s, and until then refuses runs
 * that carry them.
 */
const LEARNED_AFTER_MS = 3_000;

const { IndexedValueType } = proto.temporal.api.enums.v1;
const TYPES = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KeywordList: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
} as const;

/** Search attributes with their types, as the server takes them. */
export function attributesNamed(
  names: readonly string[],
): Record<string, proto.temporal.api.enums.v1.IndexedValueType> {
  const types = Object.entries(searchAttributeTypes).filter(([name]) => names.includes(name));
  return Object.fromEntries(types.map(([name, type]) => [name, TYPES[type]]));
}

/**
 * Registers missing search attributes and sets a retention that keeps results long enough. A server that forbids this
 * does not stop the worker: a warning tells the operator what to do.
 */
export async function prepareServer(connection: NativeConnection, namespace: string, log: SetupLog): Promise<void> {
  await attempt(log, 'search attributes', () => addSearchAttributes(connection, namespace, log));
  await attempt(log, 'retention', () => extendRetention(connection, namespace, log));
}

async function attempt(log: SetupLog, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const remedy = `an operator must register ${Object.keys(searchAttributeTypes).join(', ')} and keep results for ${RESULTS_KEPT_SECONDS} s`;
    log.warn(
      { error: error instanceof Error ? error.message : String(error), remedy },
      `cannot set ${what} of the server`,
    );
  }
}

async function addSearchAttributes(connection: NativeConnection, namespace: string, log: SetupLog): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.keys(searchAttributeTypes).filter((name) => !Object.hasOwn(customAttributes, name));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: attributesNamed(missing),
  });
  await sleep(LEARNED_AFTER_MS);
  log.info({ attributes: missing }, 'search attributes registered');
}

async function extendRetention(connection: NativeConnection, namespace: string, log: SetupLog): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  if (seconds >= RESULTS_KEPT_SECONDS) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(RESULTS_KEPT_SECONDS * 1000) },
  });
  log.info({ before: seconds, now: RESULTS_KEPT_SECONDS }, 'results are kept longer');
}
