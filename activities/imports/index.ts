import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { importTasks } from '../../contracts/imports/tasks.ts';
import { shell, type ShellOptions } from '../shell/shell.ts';
import { cleanup } from './cleanup.ts';
import { fetchDocuments, listDocuments } from './documents.ts';
import { download } from './download.ts';
import { finish } from './finish.ts';
import { parse } from './parse.ts';
import type { ImportPorts } from './ports.ts';
import { save } from './save.ts';
import { validateRecords } from './validate-records.ts';

/**
 * The activities of imports, by task name. Every one may run twice: what is
 * stored is found again, and every write meets its own earlier self.
 */
export function createImportActivities(ports: ImportPorts, options: ShellOptions) {
  const tasks = importTasks;
  return {
    [tasks.download.name]: shell(
      tasks.download,
      taskSchemas['imports.download'],
      (input, context) => download(ports, input, context),
      options,
    ),
    [tasks.parse.name]: shell(
      tasks.parse,
      taskSchemas['imports.parse'],
      (input, context) => parse(ports, input, context),
      options,
    ),
    [tasks.validateRecords.name]: shell(
      tasks.validateRecords,
      taskSchemas['imports.validateRecords'],
      (input) => Promise.resolve(validateRecords(ports, input)),
      options,
    ),
    [tasks.save.name]: shell(
      tasks.save,
      taskSchemas['imports.save'],
      (input, context) => save(ports, input, context),
      options,
    ),
    [tasks.fetchDocuments.name]: shell(
      tasks.fetchDocuments,
      taskSchemas['imports.fetchDocuments'],
      (input, context) => fetchDocuments(ports, input, context),
      options,
    ),
    [tasks.listDocuments.name]: shell(
      tasks.listDocuments,
      taskSchemas['imports.listDocuments'],
      (input, context) => listDocuments(ports, input, context),
      options,
    ),
    [tasks.finish.name]: shell(
      tasks.finish,
      taskSchemas['imports.finish'],
      (input, context) => finish(ports, input, context),
      options,
    ),
    [tasks.cleanup.name]: shell(
      tasks.cleanup,
      taskSchemas['imports.cleanup'],
      (input) => cleanup(ports, input),
      options,
    ),
    [tasks.listSyncSources.name]: shell(
      tasks.listSyncSources,
      taskSchemas['imports.listSyncSources'],
      () => Promise.resolve({ sources: [...ports.syncSources] }),
      options,
    ),
  };
}
