/** Messages of a running bulk. Definitions only: clients import this file by value. */
import { defineQuery } from '@temporalio/workflow';
import { type BulkProgress, emailMessages } from '../../contracts/email/vocabulary.ts';

/** How far the bulk is; costs the same for ten recipients and for 100,000. */
export const bulkProgressQuery = defineQuery<BulkProgress>(emailMessages.progress);
