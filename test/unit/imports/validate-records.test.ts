/** Records that a caller sends are validated without holding up the worker. */
import { expect, it } from 'vitest';
import { validateRecords } from '../../../activities/imports/validate-records.ts';
import { importRules } from '../../../services/imports/reading/rules.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';

const wide = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [` Column ${String(at)} `, '\u0001'.repeat(100)]));
const worst = Array.from({ length: 1_000 }, () => ({ ...wide(1_000), email: '\u0001'.repeat(10_000) }));

it('validates a thousand wide records in turns', async () => {
  const rules = importRules;
  const { value, longestMs } = await watched(() =>
    validateRecords({ rules }, { schema: 'users', records: worst }, new AbortController()),
  );
  expect(value.valid).toEqual([]);
  expect(value.rejects.length).toBeGreaterThanOrEqual(1_000);
  expect(longestMs).toBeLessThan(MOST_DELAY_MS);
});

it('ends with a cancellation', async () => {
  const stop = new AbortController();
  const validating = validateRecords({ rules: importRules }, { schema: 'users', records: worst }, stop);
  stop.abort(new Error('cancelled'));
  await expect(validating).rejects.toThrow('cancelled');
});
