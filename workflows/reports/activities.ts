/** The tasks that this folder's workflows call; policies and reasons stand in the catalogue. */
import { emailTasks } from '../../contracts/email.tasks.ts';
import { reportTasks } from '../../contracts/reports.tasks.ts';
import { proxyTask } from '../proxies.ts';

export const planReport = proxyTask(reportTasks.planReport);
export const fetchAnalytics = proxyTask(reportTasks.fetchAnalytics);
export const generateCharts = proxyTask(reportTasks.generateCharts);
export const generatePdf = proxyTask(reportTasks.generatePdf);
export const saveReport = proxyTask(reportTasks.saveReport);
export const noteReportSent = proxyTask(reportTasks.noteReportSent);
export const exportRows = proxyTask(reportTasks.exportRows);
export const sendEmail = proxyTask(emailTasks.send);
