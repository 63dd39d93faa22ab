import { describe, expect, it } from 'vitest';
import { boundsOfMonth, mondayOf, monthBefore } from '../../../contracts/messages/periods.ts';
import { bestHour } from '../../../services/messages/best-hour.ts';

const hours = (counts: Readonly<Record<number, number>>): readonly number[] =>
  Array.from({ length: 24 }, (_, hour) => counts[hour] ?? 0);

describe('the best hour', () => {
  it.each([
    ['is unknown without events', {}, null],
    ['is unknown while there are four', { 8: 4 }, null],
    ['is the one with the most events', { 8: 3, 20: 2 }, 8],
    ['counts half of the hours beside it', { 7: 3, 12: 2, 13: 2, 14: 2 }, 13],
    ['goes round midnight', { 23: 2, 0: 2, 1: 1, 12: 2 }, 0],
    ['is the earliest of several', { 9: 3, 15: 3 }, 9],
  ])('%s', (_what, counts, expected) => {
    expect(bestHour(hours(counts))).toBe(expected);
  });
});

describe('periods of messages to all users', () => {
  it.each([
    ['2026-01-01T00:00:00.000Z', '2025-12', '2025-12-29'],
    ['2026-03-31T23:59:59.999Z', '2026-02', '2026-03-30'],
    ['2026-11-30T08:00:00.000Z', '2026-10', '2026-11-30'],
    ['2026-11-29T08:00:00.000Z', '2026-10', '2026-11-23'],
  ])('at %s are the month %s and the week of %s', (time, month, monday) => {
    expect([monthBefore(time), mondayOf(time)]).toEqual([month, monday]);
  });

  it('end where the next begins', () => {
    expect(boundsOfMonth('2026-12')).toEqual({ from: '2026-12-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z' });
  });
});
