/** The tasks of the e-mail domain as this folder's workflows call them; policies and reasons stand in the catalogue. */
import { emailTasks } from '../../contracts/email.tasks.ts';
import { proxyTask } from '../proxies.ts';

export const sendVerification = proxyTask(emailTasks.sendVerification);
export const sendWelcome = proxyTask(emailTasks.sendWelcome);
export const createUserProfile = proxyTask(emailTasks.createUserProfile);
export const prepareBulk = proxyTask(emailTasks.prepareBulk);
export const sendBulkChunk = proxyTask(emailTasks.sendBulkChunk);
export const finishBulk = proxyTask(emailTasks.finishBulk);
export const sendDigests = proxyTask(emailTasks.sendDigests);
export const sendReminders = proxyTask(emailTasks.sendReminders);
