/** Messages of a running batch. Definitions only: clients import this file by value. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import { batchMessages, type BatchProgress } from '../../contracts/documents/vocabulary.ts';

/** How far the batch is; costs the same for ten documents and for 100,000. */
export const progressQuery = defineQuery<BatchProgress>(batchMessages.progress);

/** Takes no further document until {@link resumeSignal}; those in work are finished. */
export const pauseSignal = defineSignal(batchMessages.pause);

/** Goes on after {@link pauseSignal}. */
export const resumeSignal = defineSignal(batchMessages.resume);
