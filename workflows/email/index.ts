/** The workflows of the email domain, by name. */
export { onboardUser } from './onboard-user.ts';
export { sendBulkEmails } from './send-bulk-emails.ts';
export { sendInactiveReminders } from './send-inactive-reminders.ts';
export { sendWeeklyDigest } from './send-weekly-digest.ts';
