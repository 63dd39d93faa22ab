import { z } from 'zod';
import { isTimeZone, TIME_ZONE_EXPECTED } from './time-zone.ts';

/** A time zone by its IANA name. */
export const timeZoneSchema = z.string().refine(isTimeZone, `expected ${TIME_ZONE_EXPECTED}`);
