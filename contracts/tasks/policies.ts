/** Retry rules and time limits that several domains share, each with its reason. */
import type { RetryRule, TimeLimits } from './definition.ts';
import { SECOND_MS } from '../values/units.ts';

/** Bookkeeping can only fail with the database or the store; giving up would lose finished work. */
export const untilStoreIsBack: RetryRule = {
  attempts: 1000,
  delayMs: SECOND_MS,
  factor: 2,
  maxDelayMs: 30 * SECOND_MS,
  reason: 'Idempotent, and fails only while the database or the store is away: giving up would lose finished work.',
};

/** RETRY-7: what a task of the OCR application gets when its own policy has no figures. */
export const fourTimes180s: RetryRule = {
  attempts: 4,
  delayMs: 180 * SECOND_MS,
  reason: "RETRY-7: the runner's default, four attempts 180 s apart.",
};

/** TIME-1: the limits of the OCR application. */
export const standardLimits: TimeLimits = {
  softMs: 300 * SECOND_MS,
  hardMs: 600 * SECOND_MS,
  heartbeatMs: 5 * SECOND_MS,
  reason: 'TIME-1: soft 300 s, hard 600 s; a dead worker is noticed within 5 s.',
};
