/** Settings of reports. */
import { z } from 'zod';
import { isTimeZone, TIME_ZONE_EXPECTED } from '../contracts/values/time-zone.ts';
import { parsed } from './entries.ts';

export const reports = {
  /** IANA name of the time zone. */
  timeZone: parsed(
    'REPORT_TIME_ZONE',
    { expected: TIME_ZONE_EXPECTED, schema: z.string().refine(isTimeZone), fallback: 'UTC' },
    {
      doc: "Time zone in which the days of reports about everybody are counted; a user's own report uses the user's.",
      defaultText: 'UTC',
    },
  ),
};
