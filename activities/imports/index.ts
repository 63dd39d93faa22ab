/** The activities of imports: one body for each row of `contracts/imports/tasks.ts`. */
import { importTaskSchemas } from '../../contracts/imports/schema.ts';
import { importTasks } from '../../contracts/imports/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import { cleanup } from './cleanup.ts';
import { fetchDocuments, listDocuments } from './documents.ts';
import { download } from './download.ts';
import { finish } from './finish.ts';
import { parse } from './parse.ts';
import type { ImportPorts } from './ports.ts';
import { save } from './save.ts';
import { validateRecords } from './validate-records.ts';

/**
 * Creates the activities of imports. Every one may run twice: stored files are found again, and a repeated write finds
 * what the first one stored.
 */
export const createImportActivities = activitiesOf(importTasks, importTaskSchemas, (ports: ImportPorts) => ({
  download: (input, context) => download(ports, input, context),
  parse: (input, context) => parse(ports, input, context),
  validateRecords: (input, context) => validateRecords(ports, input, context),
  save: (input, context) => save(ports, input, context),
  fetchDocuments: (input, context) => fetchDocuments(ports, input, context),
  listDocuments: (input, context) => listDocuments(ports, input, context),
  finish: (input, context) => finish(ports, input, context),
  cleanup: (input) => cleanup(ports, input),
  listSyncSources: () => Promise.resolve({ sources: [...ports.syncSources] }),
}));
