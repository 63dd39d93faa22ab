/** Every named retry policy, for tasks of the product and of applications; `docs/retries.md` is generated from it. */
import { emailRetry } from '../email/tasks.ts';
import { MINUTE_MS, SECOND_MS } from '../values/units.ts';
import {
  aiRetry,
  billingRetry,
  communicationRetry,
  conditionalHttpRetry,
  connectionRetry,
  dataRetry,
  degradationRetry,
  documentRetry,
  externalDataRetry,
  fourTimes180s,
  invoiceRetry,
  robustRetry,
  safeRetry,
  smartRetry,
  untilStoreIsBack,
} from './policies.ts';
import type { RetryRule } from './retry-rules.ts';

/**
 * Named retry policies, each with its reason. A task takes one as it is, or changes a part of it.
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineTask, retries } from './define/index.ts';
 *
 * export const summarise = defineTask(
 *   {
 *     name: 'texts.summarise',
 *     input: z.object({ text: z.string() }),
 *     output: z.string(),
 *     retry: { ...retries.ai, attempts: 4, reason: 'A summary that comes after ten minutes is read by nobody.' },
 *   },
 *   ({ text }) => text.slice(0, 100),
 * );
 * ```
 */
export const retries = {
  runnerDefault: fourTimes180s,
  document: documentRetry,
  invoice: invoiceRetry,
  email: emailRetry,
  smart: smartRetry,
  conditionalHttp: conditionalHttpRetry,
  safe: safeRetry,
  degradation: degradationRetry,
  robust: robustRetry,
  connection: connectionRetry,
  externalData: externalDataRetry,
  untilStoreIsBack,
  once: {
    attempts: 1,
    delayMs: SECOND_MS,
    reason: 'Not tried again: a second attempt would do harm, or come too late.',
  },
  criticalAlert: {
    attempts: 4,
    delayMs: 60 * SECOND_MS,
    reason: 'An alert is of use within minutes.',
  },
  paymentReminder: {
    attempts: 4,
    delayMs: 300 * SECOND_MS,
    reason: 'A reminder has time, and a provider that is down comes back within a quarter of an hour.',
  },
  monthlyReport: {
    attempts: 3,
    delayMs: 30 * MINUTE_MS,
    reason: 'A report of a month can wait for an hour.',
  },
  communication: communicationRetry,
  ai: aiRetry,
  data: dataRetry,
  billing: billingRetry,
  administration: {
    attempts: 4,
    delayMs: 60 * SECOND_MS,
    factor: 2,
    maxDelayMs: 10 * MINUTE_MS,
    reason: 'Growing delays for the tasks of an administration, which nobody waits for.',
  },
} as const satisfies Readonly<Record<string, RetryRule>>;
