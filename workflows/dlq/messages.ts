/** Messages of a redrive of many letters. Definitions only: clients import this file by value. */
import { defineSignal } from '@temporalio/workflow';
import { redriveMessages } from '../../contracts/dlq/vocabulary.ts';

/** Starts no further run until {@link resumeSignal}. The argument of each says who sends it. */
export const pauseSignal = defineSignal<[by?: string]>(redriveMessages.pause);

/** Goes on after {@link pauseSignal}. */
export const resumeSignal = defineSignal<[by?: string]>(redriveMessages.resume);

/** Ends the redrive; letters of runs that were not started stay open. */
export const abortSignal = defineSignal<[by?: string]>(redriveMessages.abort);
