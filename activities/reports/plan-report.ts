import { createHash } from 'node:crypto';
import { PerennialError } from '../../contracts/failures.ts';
import { reportFileName, reportName } from '../../contracts/reports/names.ts';
import type { ReportKind } from '../../contracts/reports/vocabulary.ts';
import type { PlanReportInput, ReportPeriod, ReportPlan } from '../../contracts/reports/schema.ts';
import type { ReportUser } from '../../services/reports/port.ts';
import type { ReportPorts } from './ports.ts';

const TITLES: Readonly<Record<ReportKind, string>> = {
  daily: 'Daily Report',
  weekly: 'Weekly Report',
  monthly: 'Monthly Report',
  user: 'Activity Report',
  period: 'Activity Report',
  export: 'Data Export',
};

/**
 * Resolves everything that the rest of the report's workflow depends on: days as instants, user, reader, names, id.
 * Passing them explicitly keeps later steps independent of clock and settings. Nothing is stored, so an invalid input
 * has no effects.
 */
export async function planReport(ports: ReportPorts, input: PlanReportInput): Promise<ReportPlan> {
  if (input.kind === 'export') requireExplicit(input);
  const userId = input.userId ?? null;
  const user = userId === null ? undefined : await requireUser(ports, userId);
  const timeZone = zoneOf(ports, input, user);
  const period = periodOf(ports, input, timeZone);
  const recipient = recipientOf(ports, input, user);
  const reportId = idOf(input, userId, period);
  const title = TITLES[input.kind];
  const name = reportName(title, user === undefined ? undefined : user.name || user.id, period);
  return {
    reportId,
    kind: input.kind,
    title,
    subject: subjectOf(input.kind, name, period),
    userId,
    period,
    ...(recipient === undefined ? {} : { recipient, messageKey: `report-${reportId}-${hash(recipient).slice(0, 16)}` }),
    fileName: reportFileName(name, input.kind === 'export' ? (input.format ?? 'csv') : 'pdf'),
    link: `${ports.defaults.publicUrl}/v1/reports/${reportId}/file`,
  };
}

/**
 * Requires every field of an export. A default could put another user's rows into the file, or send it to another
 * address.
 */
function requireExplicit({ userId, format, email }: PlanReportInput): void {
  const missing = [
    userId === undefined ? 'userId: expected the id of a user, or null for everybody, got nothing' : undefined,
    format === undefined ? 'format: expected csv, json or xlsx, got nothing' : undefined,
    email === undefined ? 'email: expected an address, got nothing' : undefined,
  ].filter((fault) => fault !== undefined);
  if (missing.length > 0) throw new PerennialError('InvalidInput', missing.join('; '));
}

async function requireUser({ analytics }: ReportPorts, id: string): Promise<ReportUser> {
  const user = await analytics.findUser(id);
  if (user === undefined)
    throw new PerennialError('UserNotFound', `userId: expected the id of a known user, got '${id}'`);
  return user;
}

function zoneOf({ defaults }: ReportPorts, { kind, timeZone }: PlanReportInput, user: ReportUser | undefined): string {
  return timeZone ?? user?.timeZone ?? (kind === 'export' ? 'UTC' : defaults.timeZone);
}

function periodOf({ calendar }: ReportPorts, input: PlanReportInput, timeZone: string): ReportPeriod {
  const { kind, at, date, start, end } = input;
  if (kind === 'daily' || kind === 'weekly' || kind === 'monthly')
    return date === undefined ? calendar.previous(kind, at, timeZone) : calendar.around(kind, date, timeZone);
  if (input.previousDay === true) return calendar.previous('daily', at, timeZone);
  if (start === undefined || end === undefined)
    throw new PerennialError(
      'InvalidInput',
      `start and end: expected two days for a report of kind '${kind}', got ${start ?? 'nothing'} and ${end ?? 'nothing'}`,
    );
  return calendar.range(start, end, timeZone);
}

function recipientOf(
  { defaults }: ReportPorts,
  { emailed, email, userId }: PlanReportInput,
  user: ReportUser | undefined,
): string | undefined {
  if (emailed !== true) return undefined;
  const recipient = email ?? (user === undefined ? defaults.adminEmail : user.email);
  if (recipient === null)
    throw new PerennialError(
      'InvalidInput',
      `email: expected an address, got nothing, and the user '${userId ?? ''}' has none`,
    );
  return recipient;
}

/** The subject of a daily report of everybody is the text that its readers filter for; others are the report's name. */
function subjectOf(kind: ReportKind, name: string, { start }: ReportPeriod): string {
  return kind === 'daily' ? `${TITLES.daily} - ${start}` : name;
}

/**
 * Derives the id, a UUID (version 8, RFC 9562), from what the report is about, so that the same report has the same id
 * whoever requests it.
 */
function idOf({ kind, format }: PlanReportInput, userId: string | null, period: ReportPeriod): string {
  const name = JSON.stringify([kind, userId, period.start, period.end, period.timeZone, format ?? null]);
  const hex = hash(name);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
