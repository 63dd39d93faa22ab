/** Retry rules and time limits that several domains share, each with its reason. */
import type { RetryRule, TimeLimits } from './definition.ts';
import { SECOND_MS } from '../values/units.ts';

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

/** Time limits of the tasks of the OCR application. */
export const standardLimits: TimeLimits = {
  softMs: 300 * SECOND_MS,
  hardMs: 600 * SECOND_MS,
  heartbeatMs: 5 * SECOND_MS,
  reason: 'Soft 300 s, hard 600 s; a dead worker is noticed within 5 s.',
};
