/** Messages of a run in which failed steps wait. Definitions only: clients import this file by value. */
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import { type ParkedDecision, parkedMessages, type ParkedView } from '../../contracts/parked/vocabulary.ts';

/** What waits, and what was decided. */
export const parkedQuery = defineQuery<ParkedView>(parkedMessages.parked);

/** Decides about what waits at and below a path; gives the paths. */
export const decideParkedUpdate = defineUpdate<readonly string[], [ParkedDecision]>(parkedMessages.decide);
