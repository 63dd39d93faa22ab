import { expect, it } from 'vitest';
import { quietForMs } from '../../../services/messages/quiet-hours.ts';

const BERLIN = 'Europe/Berlin';
const NIGHT = [22 * 60, 8 * 60] as const;
const NOON = [12 * 60, 13 * 60 + 30] as const;
const NEVER = [8 * 60, 8 * 60] as const;

it.each([
  // In June, Berlin is two hours ahead of UTC; in January it is one.
  [BERLIN, NIGHT, '2026-06-15T19:59:59Z', 0],
  [BERLIN, NIGHT, '2026-06-15T20:00:00Z', 600],
  [BERLIN, NIGHT, '2026-06-15T22:30:00Z', 450],
  [BERLIN, NIGHT, '2026-06-16T05:59:59Z', 1],
  [BERLIN, NIGHT, '2026-06-16T06:00:00Z', 0],
  [BERLIN, NIGHT, '2026-01-15T20:59:00Z', 0],
  [BERLIN, NIGHT, '2026-01-15T21:00:00Z', 600],
  ['America/New_York', NIGHT, '2026-06-15T22:30:00Z', 0],
  ['America/New_York', NIGHT, '2026-06-16T02:00:00Z', 600],
  ['Asia/Kathmandu', NIGHT, '2026-06-15T16:15:00Z', 600],
  [BERLIN, NOON, '2026-06-15T09:59:00Z', 0],
  [BERLIN, NOON, '2026-06-15T10:00:00Z', 90],
  [BERLIN, NOON, '2026-06-15T11:30:00Z', 0],
  [BERLIN, NEVER, '2026-06-15T06:00:00Z', 0],
  [BERLIN, NEVER, '2026-06-15T05:59:00Z', 0],
] as const)('in %s, hours from and until minutes %j last from %s on %i minutes', (timeZone, hours, now, minutes) => {
  const [quietFrom, quietUntil] = hours;
  expect(quietForMs({ timeZone, quietFrom, quietUntil }, new Date(now))).toBe(minutes * 60_000);
});
