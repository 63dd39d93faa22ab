import { z } from 'zod';
import { isTimeZone, timeZoneExpected } from './time-zone.ts';

/** The schema of time zones by their IANA names. */
export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, { error: ({ input }) => `expected ${timeZoneExpected(input)}` });
