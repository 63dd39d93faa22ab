/**
 * Every schedule that comes with the product. `perennial schedules sync` brings
 * the server to this list; changing a line here is changing the schedule.
 *
 * BEAT-25: the source lists two sets, and the second, of fourteen, replaces the
 * first, of three. Two of the three have a successor in it. The third,
 * `cleanup-old-files` (BEAT-15), is kept: nothing else removes stored files
 * that no row names. Its comment says 02:00 while its code says every 24 hours
 * from the start of beat (P3-12); what people read is what they expect, so it
 * is a calendar entry.
 *
 * All times are UTC unless an entry names a zone (CFG-7). The queue of each run
 * is that of its task.
 */
import type { ScheduleDefinition, SchedulePolicy, ScheduleTarget, Timing } from '../contracts/schedules/vocabulary.ts';
import {
  dailyReport,
  fetching,
  look,
  mailing,
  monthlyReport,
  nightlyBackup,
  nightlyCleaning,
  sunny,
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
  // BEAT-1
  entry(
    { id: 'cleanup-temp-files', purpose: 'Deletes temporary files that are older than a day.' },
    { cron: '0 2 * * *' },
    task('housekeeping.cleanupTempFiles'),
    nightlyCleaning,
  ),
  // BEAT-2
  entry(
    { id: 'cleanup-old-ocr-results', purpose: 'Deletes results that are older than 90 days.' },
    { cron: '0 3 * * SUN' },
    task('housekeeping.cleanupOldOcrResults', { days: 90 }),
    weeklyCleaning,
  ),
  // BEAT-3
  entry(
    { id: 'vacuum-database', purpose: 'Gives the room of deleted rows free.' },
    { cron: '0 4 * * SUN' },
    task('housekeeping.vacuumDatabase'),
    weeklyCleaning,
  ),
  // BEAT-11
  entry(
    { id: 'backup-database', purpose: 'Stores a copy of the database before the cleaning of the night.' },
    { cron: '0 1 * * *' },
    task('housekeeping.backupDatabase'),
    nightlyBackup,
  ),
  // BEAT-15
  entry(
    { id: 'cleanup-old-files', purpose: 'Deletes stored files that nobody needs any more.' },
    { cron: '0 2 * * *' },
    task('housekeeping.cleanupOldFiles'),
    nightlyCleaning,
  ),
  // CLEAN-8
  entry(
    { id: 'cleanup-results', purpose: 'Deletes records of work that finished long ago.' },
    { cron: '30 2 * * *' },
    task('housekeeping.cleanupResults'),
    nightlyCleaning,
  ),
];

const reports: readonly ScheduleDefinition[] = [
  // BEAT-4
  entry(
    { id: 'generate-daily-report', purpose: 'Reports on the day before.' },
    { cron: '0 8 * * *' },
    workflow('generateDailyReport'),
    dailyReport,
  ),
  // BEAT-5
  entry(
    { id: 'generate-weekly-report', purpose: 'Reports on the week before.' },
    { cron: '0 9 * * MON' },
    workflow('generateWeeklyReport'),
    weeklyReport,
  ),
  // BEAT-6: the source schedules generate_monthly_report and defines create_monthly_report (P3-08)
  entry(
    { id: 'generate-monthly-report', purpose: 'Reports on the month before.' },
    { cron: '0 10 1 * *' },
    workflow('createMonthlyReport'),
    monthlyReport,
  ),
];

const watching: readonly ScheduleDefinition[] = [
  // BEAT-7
  entry(
    { id: 'health-check', purpose: 'Looks whether everything works, and tells the administrator when that changes.' },
    minutes(5),
    workflow('healthCheck'),
    look,
  ),
  // BEAT-8
  entry(
    { id: 'check-disk-space', purpose: 'Looks how much room the disks have.' },
    { cron: '0 * * * *' },
    task('housekeeping.checkDiskSpace'),
    look,
  ),
  // BEAT-9
  entry(
    { id: 'monitor-queues', purpose: 'Looks how much work waits in each queue.' },
    minutes(10),
    task('housekeeping.monitorQueueLengths'),
    look,
  ),
  entry(
    { id: 'reconcile-runs', purpose: 'Closes what has ended without saying so, and frees what it held.' },
    { every: { seconds: 300, offsetSeconds: 60 } },
    task('housekeeping.reconcileRuns'),
    look,
  ),
  entry(
    { id: 'audit-schedules', purpose: 'Looks what became of each due time, and notes what was skipped or missed.' },
    { every: { seconds: 300, offsetSeconds: 150 } },
    task('schedules.auditRuns'),
    look,
  ),
];

const talking: readonly ScheduleDefinition[] = [
  // BEAT-10
  entry(
    { id: 'sync-external-data', purpose: 'Fetches what has changed outside.' },
    minutes(30),
    workflow('syncExternalData'),
    fetching,
  ),
  // BEAT-12
  entry(
    { id: 'send-weekly-digest', purpose: 'Tells users what happened in their week.' },
    { cron: '0 10 * * FRI' },
    workflow('sendWeeklyDigest'),
    mailing,
  ),
  // BEAT-13
  entry(
    { id: 'send-inactive-user-reminders', purpose: 'Writes to users who have not been seen for long.' },
    { cron: '0 11 * * *' },
    workflow('sendInactiveReminders'),
    mailing,
  ),
  // BEAT-14
  entry(
    { id: 'sunrise-task', purpose: 'Runs when the sun rises over New York.' },
    { solar: { event: 'sunrise', latitude: 40.7128, longitude: -74.006 } },
    task('housekeeping.sunrise'),
    sunny,
  ),
];

/** All schedules of code. */
export const scheduleEntries: readonly ScheduleDefinition[] = [...cleaning, ...reports, ...watching, ...talking];
