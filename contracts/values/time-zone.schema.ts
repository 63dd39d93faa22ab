import { z } from 'zod';
import { isTimeZone, timeZoneExpected } from './time-zone.ts';

/** A time zone by its IANA name. */
export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, { error: ({ input }) => `expected ${timeZoneExpected(input)}` });
