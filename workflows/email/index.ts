/** The workflows of the email domain, by name, and what they accept. */
export { onboardUser } from './onboard-user.ts';
export { sendBulkEmails } from './send-bulk-emails.ts';
export { sendInactiveReminders } from './send-inactive-reminders.ts';
export { sendWeeklyDigest } from './send-weekly-digest.ts';
export { emailShapes } from './shapes.ts';
