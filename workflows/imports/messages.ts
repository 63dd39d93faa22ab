/** Messages of a running import. Definitions only: clients import this file by value. */
import { defineQuery } from '@temporalio/workflow';
import { importMessages, type ImportProgress } from '../../contracts/imports/vocabulary.ts';

/** How far the import is. */
export const progressQuery = defineQuery<ImportProgress>(importMessages.progress);
