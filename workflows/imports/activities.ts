/** The tasks of imports as this folder's workflows call them; policies and reasons stand in the catalogue. */
import { importTasks } from '../../contracts/imports.tasks.ts';
import { proxyTask } from '../proxies.ts';

export const downloadFile = proxyTask(importTasks.download);
export const parseFile = proxyTask(importTasks.parse);
export const validateAndSave = proxyTask(importTasks.save);
export const fetchDocuments = proxyTask(importTasks.fetchDocuments);
export const listDocuments = proxyTask(importTasks.listDocuments);
export const finishImport = proxyTask(importTasks.finish);
export const cleanup = proxyTask(importTasks.cleanup);
export const listSyncSources = proxyTask(importTasks.listSyncSources);
