/**
 * Every schedule that comes with the product. `perennial schedules sync` brings the server to this list, so a changed
 * line here changes the schedule.
 *
 * The Celery application defines two sets of schedules, and the second, of fourteen, replaces the first, of three. Two
 * of the three have a successor in it. The third, `cleanup-old-files`, is kept, because nothing else removes stored
 * files that no row names. Its comment says 02:00 while its code says every 24 hours from the start of beat; it is a
 * calendar entry here, because people expect what the comment says.
 *
 * All times are UTC unless an entry names a zone. The queue of each run is that of its task.
 */
import type { ScheduleDefinition, SchedulePolicy, ScheduleTarget, Timing } from '../contracts/schedules/vocabulary.ts';
import {
  comparing,
  dailyReport,
  fetching,
  look,
  mailing,
  monthlyReport,
  nightlyBackup,
  nightlyCleaning,
  sunny,
  userReports,
  weeklyCleaning,
  weeklyReport,
} from './policies.ts';

interface EntryText {
  readonly id: string;
  readonly purpose: string;
}

function entry(text: EntryText, timing: Timing, target: ScheduleTarget, policy: SchedulePolicy): ScheduleDefinition {
  return { ...text, timing, timeZone: 'UTC', target, policy };
}

const task = (name: string, input: unknown = {}): ScheduleTarget => ({ task: name, input });
const workflow = (name: string, ...args: readonly unknown[]): ScheduleTarget => ({ workflow: name, args });
const minutes = (count: number): Timing => ({ every: { seconds: count * 60 } });

const cleaning: readonly ScheduleDefinition[] = [
  entry(
    { id: 'cleanup-temp-files', purpose: 'Deletes temporary files that are older than a day.' },
    { cron: '0 2 * * *' },
    task('housekeeping.cleanupTempFiles'),
    nightlyCleaning,
  ),
  entry(
    { id: 'cleanup-old-ocr-results', purpose: 'Deletes results that are older than 90 days.' },
    { cron: '0 3 * * SUN' },
    task('housekeeping.cleanupOldOcrResults', { days: 90 }),
    weeklyCleaning,
  ),
  entry(
    { id: 'vacuum-database', purpose: 'Makes the space of deleted rows reusable.' },
    { cron: '0 4 * * SUN' },
    task('housekeeping.vacuumDatabase'),
    weeklyCleaning,
  ),
  entry(
    { id: 'backup-database', purpose: 'Stores a copy of the database before the nightly clean-up.' },
    { cron: '0 1 * * *' },
    task('housekeeping.backupDatabase'),
    nightlyBackup,
  ),
  entry(
    { id: 'cleanup-old-files', purpose: 'Deletes stored files that nothing references.' },
    { cron: '0 2 * * *' },
    task('housekeeping.cleanupOldFiles'),
    nightlyCleaning,
  ),
  entry(
    { id: 'cleanup-results', purpose: 'Deletes records of work that finished long ago.' },
    { cron: '30 2 * * *' },
    task('housekeeping.cleanupResults'),
    nightlyCleaning,
  ),
];

const reports: readonly ScheduleDefinition[] = [
  entry(
    { id: 'generate-daily-report', purpose: 'Reports on the previous day.' },
    { cron: '0 8 * * *' },
    workflow('generateDailyReport'),
    dailyReport,
  ),
  entry(
    { id: 'generate-weekly-report', purpose: 'Reports on the previous week.' },
    { cron: '0 9 * * MON' },
    workflow('generateWeeklyReport'),
    weeklyReport,
  ),
  // The Celery application schedules generate_monthly_report but defines create_monthly_report; both names run this
  // workflow.
  entry(
    { id: 'generate-monthly-report', purpose: 'Reports on the previous month.' },
    { cron: '0 10 1 * *' },
    workflow('createMonthlyReport'),
    monthlyReport,
  ),
];

const watching: readonly ScheduleDefinition[] = [
  entry(
    { id: 'health-check', purpose: 'Checks the health of the installation and notifies the administrator of changes.' },
    minutes(5),
    workflow('healthCheck'),
    look,
  ),
  entry(
    { id: 'check-disk-space', purpose: 'Checks the free space of the disks.' },
    { cron: '0 * * * *' },
    task('housekeeping.checkDiskSpace'),
    look,
  ),
  entry(
    { id: 'monitor-queues', purpose: 'Checks how many tasks wait in each queue.' },
    minutes(10),
    task('housekeeping.monitorQueueLengths'),
    look,
  ),
  entry(
    {
      id: 'reconcile-runs',
      purpose: 'Closes the rows of runs that ended without closing them, and frees their places.',
    },
    { every: { seconds: 300, offsetSeconds: 60 } },
    task('housekeeping.reconcileRuns'),
    look,
  ),
  entry(
    { id: 'audit-schedules', purpose: 'Records the outcome of each due time: run, skipped or missed.' },
    { every: { seconds: 300, offsetSeconds: 150 } },
    task('schedules.auditRuns'),
    look,
  ),
];

const talking: readonly ScheduleDefinition[] = [
  entry(
    { id: 'sync-external-data', purpose: 'Imports changes from external addresses.' },
    minutes(30),
    workflow('syncExternalData'),
    fetching,
  ),
  entry(
    { id: 'send-weekly-digest', purpose: 'Sends users a digest of their week.' },
    { cron: '0 10 * * FRI' },
    workflow('sendWeeklyDigest'),
    mailing,
  ),
  entry(
    { id: 'send-inactive-user-reminders', purpose: 'Reminds users who were inactive for long.' },
    { cron: '0 11 * * *' },
    workflow('sendInactiveReminders'),
    mailing,
  ),
  entry(
    { id: 'sunrise-task', purpose: 'Runs at sunrise in New York.' },
    { solar: { event: 'sunrise', latitude: 40.7128, longitude: -74.006 } },
    task('housekeeping.sunrise'),
    sunny,
  ),
];

const messaging: readonly ScheduleDefinition[] = [
  entry(
    { id: 'monitor-queue-depth', purpose: 'Checks how many messages wait in each queue.' },
    minutes(5),
    task('messages.monitorQueueDepth'),
    look,
  ),
  entry(
    { id: 'track-delivery-rates', purpose: 'Tells what share of the messages of a day arrived.' },
    minutes(10),
    task('messages.trackDeliveryRates'),
    look,
  ),
  entry(
    { id: 'ask-about-messages', purpose: 'Asks what became of messages of which no end is known.' },
    { every: { seconds: 600, offsetSeconds: 300 } },
    task('messages.askAboutMessages'),
    look,
  ),
  entry(
    { id: 'optimize-send-times', purpose: 'Finds the hour at which each user is reached best.' },
    { cron: '0 5 * * SUN' },
    task('messages.optimizeSendTimes'),
    weeklyCleaning,
  ),
  entry(
    { id: 'weekly-checkins', purpose: 'Asks users how things are.' },
    { cron: '0 9 * * MON' },
    workflow('sendWeeklyCheckins'),
    mailing,
  ),
  entry(
    { id: 'monthly-reports', purpose: 'Sends users the report of the month before.' },
    { cron: '0 8 1 * *' },
    workflow('sendMonthlyReports'),
    userReports,
  ),
];

const uploading: readonly ScheduleDefinition[] = [
  entry(
    { id: 'cleanup-temp-files-hourly', purpose: 'Deletes temporary files that are older than a day, each hour.' },
    { every: { seconds: 3_600 } },
    task('data.cleanupTempFiles'),
    look,
  ),
];

const paying: readonly ScheduleDefinition[] = [
  entry(
    { id: 'process-webhooks', purpose: 'Applies what the provider of payments has told.' },
    { every: { seconds: 300 } },
    task('billing.processPendingWebhooks'),
    look,
  ),
  entry(
    { id: 'reconcile-billing', purpose: 'Compares what the provider of payments has with what is known.' },
    { cron: '30 4 * * *' },
    task('billing.reconcile'),
    comparing,
  ),
];

/**
 * All schedules of code that come with the product.
 *
 * @example
 * ```ts
 * import { scheduleEntries } from './client/index.ts';
 *
 * const ids = scheduleEntries.map(({ id }) => id);
 * ```
 */
export const scheduleEntries: readonly ScheduleDefinition[] = [
  ...cleaning,
  ...reports,
  ...watching,
  ...talking,
  ...messaging,
  ...uploading,
  ...paying,
];
