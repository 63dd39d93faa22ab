/** Retry rules and time limits that several domains share, each with its reason. */
import type { TimeLimits } from './definition.ts';
import type { RetryRule } from './retry-rules.ts';
import { MINUTE_MS, SECOND_MS } from '../values/units.ts';

/** Retries of internal activities, which fail only while the database or the store is unavailable; giving up would lose finished work. */
export const untilStoreIsBack: RetryRule = {
  attempts: 1000,
  delayMs: SECOND_MS,
  factor: 2,
  maxDelayMs: 30 * SECOND_MS,
  reason: 'Idempotent, and fails only while the database or the store is away: giving up would lose finished work.',
};

/** Default retries of the tasks of the OCR application. */
export const fourTimes180s: RetryRule = {
  attempts: 4,
  delayMs: 180 * SECOND_MS,
  reason: "The runner's default, four attempts 180 s apart.",
};

/** Retries of reading a document. */
export const documentRetry: RetryRule = {
  attempts: 4,
  delayMs: 60 * SECOND_MS,
  reason: 'Four attempts 60 s apart; a retry continues at the page where it stopped.',
};

/** Retries of the extraction of an invoice. */
export const invoiceRetry: RetryRule = {
  attempts: 3,
  delayMs: 180 * SECOND_MS,
  reason: 'Three attempts, 180 s apart.',
};

/** Retries of messages to people. */
export const communicationRetry: RetryRule = {
  attempts: 4,
  delayMs: 60 * SECOND_MS,
  factor: 2,
  maxDelayMs: 240 * SECOND_MS,
  reason: 'After 60, 120 and 240 s: a message that is later still is not expected any more.',
};

/** Growing delays that differ from call to call. */
export const smartRetry: RetryRule = {
  attempts: 6,
  delayMs: 60 * SECOND_MS,
  factor: 2,
  maxDelayMs: 60 * MINUTE_MS,
  jitter: 0.25,
  reason: 'A minute, then twice as long each time, ±25 %: what failed at once does not come back at once.',
};

/** Delays that depend on what an HTTP service answered. */
export const conditionalHttpRetry: RetryRule = {
  attempts: 4,
  delayMs: SECOND_MS,
  factor: 2,
  maxDelayMs: 10 * MINUTE_MS,
  neverOn: ['unknown'],
  byFailure: [
    { on: ['BackendFailed'], delayMs: 120 * SECOND_MS },
    { on: ['throttled'], delayMs: 300 * SECOND_MS },
  ],
  reason:
    'A connection fails for seconds, a server for minutes, and who is throttled waits as long as the service asks, or 300 s.',
};

/** Retries of work whose errors its body has told apart. */
export const safeRetry: RetryRule = {
  attempts: 4,
  delayMs: 60 * SECOND_MS,
  byFailure: [{ on: ['unknown'], delayMs: 120 * SECOND_MS, finalType: 'PermanentError' }],
  reason:
    'What is foreseen is tried again after a minute or the delay it names; the unforeseen after two, three times.',
};

/** Retries when a service and its fallback have both failed. */
export const degradationRetry: RetryRule = {
  attempts: 3,
  delayMs: 300 * SECOND_MS,
  finalType: 'PermanentError',
  reason: 'Two services are down at once: that lasts for minutes, and is for an operator after ten minutes.',
};

/** Retries of connections, and fewer of what is not foreseen. */
export const robustRetry: RetryRule = {
  attempts: 4,
  delayMs: 180 * SECOND_MS,
  byFailure: [{ on: ['unknown'], attempts: 3, delayMs: 60 * SECOND_MS }],
  reason: "The runner's default for connections; an error that nobody foresaw twice more, a minute apart.",
};

/** Retries of connections alone. */
export const connectionRetry: RetryRule = {
  attempts: 4,
  delayMs: 60 * SECOND_MS,
  neverOn: ['unknown'],
  reason: 'Connections come back within minutes; an error that nobody foresaw is for a person.',
};

/** Retries of a source that answers too slowly. */
export const externalDataRetry: RetryRule = {
  attempts: 4,
  delayMs: 60 * SECOND_MS,
  retryOn: ['BackendTimeout'],
  reason: 'A slow answer may come in time a minute later; any other answer would be the same again.',
};

/** Retries of language models and embeddings. */
export const aiRetry: RetryRule = {
  attempts: 6,
  delayMs: 38 * SECOND_MS,
  factor: 2,
  maxDelayMs: 10 * MINUTE_MS,
  jitter: 'full',
  reason: 'Models are overloaded for minutes: from 38 s on, five delays reach the cap of ten minutes.',
};

/** Retries of what reads and writes files of data. */
export const dataRetry: RetryRule = {
  attempts: 5,
  delayMs: 10 * SECOND_MS,
  factor: 2,
  maxDelayMs: 5 * MINUTE_MS,
  jitter: 'full',
  reason: 'Files and stores are back soon: four retries within minutes.',
};

/** Retries of what has to do with money. */
export const billingRetry: RetryRule = {
  attempts: 11,
  delayMs: 4 * SECOND_MS,
  factor: 2,
  maxDelayMs: 30 * MINUTE_MS,
  jitter: 'full',
  reason: 'Money must not be lost: ten retries, the last of which reach the cap of half an hour.',
};

/** Time limits of the tasks of the OCR application. */
export const standardLimits: TimeLimits = {
  softMs: 300 * SECOND_MS,
  hardMs: 600 * SECOND_MS,
  heartbeatMs: 5 * SECOND_MS,
  reason: 'Soft 300 s, hard 600 s; a dead worker is noticed within 5 s.',
};
