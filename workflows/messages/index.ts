/** The workflows of text messages, by name, and what they accept. */
export { sendMonthlyReports } from './send-monthly-reports.ts';
export { sendWeeklyCheckins } from './send-weekly-checkins.ts';
export { messageShapes } from './shapes.ts';
