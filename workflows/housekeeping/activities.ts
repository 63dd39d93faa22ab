/** The tasks of the housekeeping domain as this folder's workflows call them; policies and reasons stand in the catalogue. */
import { emailTasks } from '../../contracts/email.tasks.ts';
import { housekeepingTasks } from '../../contracts/housekeeping.tasks.ts';
import { proxyTask } from '../proxies.ts';

export const checkHealth = proxyTask(housekeepingTasks.checkHealth);
export const recordHealth = proxyTask(housekeepingTasks.recordHealth);
export const healthTold = proxyTask(housekeepingTasks.healthTold);
export const sendEmail = proxyTask(emailTasks.send);
