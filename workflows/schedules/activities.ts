/** The tasks of the schedules domain as this folder's workflows call them; policies and reasons stand in the catalogue. */
import { scheduleTasks } from '../../contracts/schedules.tasks.ts';
import { proxyTask } from '../proxies.ts';

export const findSolarEvent = proxyTask(scheduleTasks.findSolarEvent);
export const recordRun = proxyTask(scheduleTasks.recordRun);
