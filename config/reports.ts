/** Settings of reports. */
import type { Required, ValuesOf } from './entries.ts';
import { z } from 'zod';
import { isTimeZone, TIME_ZONE_EXPECTED } from '../contracts/values/time-zone.ts';

const timeZone: Required<string> = {
  doc: "Time zone in which the days of reports about everybody are counted; a user's own report uses the user's.",
  expected: TIME_ZONE_EXPECTED,
  schema: z.string().refine(isTimeZone),
  fallback: 'UTC',
  defaultText: 'UTC',
};

export const reportEntries = { REPORT_TIME_ZONE: timeZone };

/** What reports fall back to. */
export interface ReportsConfig {
  /** IANA name. */
  readonly timeZone: string;
}

/** Groups the values of {@link reportEntries}. */
export function reportsConfig(v: ValuesOf<typeof reportEntries>): ReportsConfig {
  return { timeZone: v.REPORT_TIME_ZONE };
}

/** The reverse of {@link reportsConfig}. */
export function reportsEnv(reports: ReportsConfig): Record<keyof typeof reportEntries, string> {
  return { REPORT_TIME_ZONE: reports.timeZone };
}
