/** The tasks of the documents domain as this folder's workflows call them; policies and reasons stand in the catalogue. */
import { documentTasks } from '../../contracts/documents.tasks.ts';
import { proxyTask } from '../proxies.ts';

export const prepareBatch = proxyTask(documentTasks.prepareBatch);
export const nextItems = proxyTask(documentTasks.nextItems);
export const readDocument = proxyTask(documentTasks.readDocument);
export const saveDocuments = proxyTask(documentTasks.saveDocuments);
export const summariseBatch = proxyTask(documentTasks.summariseBatch);
export const extractInvoice = proxyTask(documentTasks.extractInvoice);
