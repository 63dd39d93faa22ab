/** Messages of a run in which failed steps wait. Definitions only: clients import this file by value. */
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import { type ParkedDecision, parkingMessages, type ParkedView } from '../../contracts/parking/vocabulary.ts';

/** What waits, and what was decided. */
export const parkedQuery = defineQuery<ParkedView>(parkingMessages.parked);

/** Decides about what waits at and below a path; gives the paths. */
export const decideParkedUpdate = defineUpdate<readonly string[], [ParkedDecision]>(parkingMessages.decide);
