import { describe, expect, it } from 'vitest';
import { LONGEST_RETRY_AFTER_MS, retryAfterMs } from '../../../contracts/values/retry-after.ts';

const NOW = Date.parse('Sat, 14 Mar 2026 10:00:00 GMT');

describe('Retry-After', () => {
  it.each([
    ['7', 7_000],
    [' 120 ', 120_000],
    ['1.5', 1_500],
    ['Sat, 14 Mar 2026 10:00:30 GMT', 30_000],
    ['Sat, 14 Mar 2026 12:00:00 GMT', 7_200_000],
  ])('RETRY-5 P3-27 reads %j, seconds or a date', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });

  it.each(['0', '0.2', 'Sat, 14 Mar 2026 09:00:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'never asks again at once: %j is one second',
    (header) => {
      expect(retryAfterMs(header, NOW)).toBe(1_000);
    },
  );

  it.each(['86401', '99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'asks again after a day at the latest: %j',
    (header) => {
      expect(retryAfterMs(header, NOW)).toBe(LONGEST_RETRY_AFTER_MS);
    },
  );

  it.each([
    ...[
      '',
      ' ',
      '-5',
      '+5',
      'NaN',
      'Infinity',
      '1e9',
      '0x10',
      '5 s',
      '1e',
      'soon',
      'March 2027',
      '2027-01-01T00:00:00',
    ],
    ...['Sat, 99 Mar 2026 10:00:30 GMT', '2026 GMT GMT', '9'.repeat(200), '٣'],
  ])('takes %j for no wait at all', (header) => {
    expect(retryAfterMs(header, NOW)).toBeUndefined();
  });

  it('knows when there is none', () => {
    expect(retryAfterMs(null, NOW)).toBeUndefined();
    expect(retryAfterMs(undefined, NOW)).toBeUndefined();
  });
});
