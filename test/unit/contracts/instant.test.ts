import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayOf, expiryOf } from '../../../canvas/engine/calls.ts';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import { prepareCall } from '../../../client/tasks/prepare-call.ts';
import { INSTANT_EXPECTED, parseInstant } from '../../../contracts/values/instant.ts';
import { digestSliceInputSchema, reminderSliceInputSchema } from '../../../contracts/email/schema.ts';
import { rangeSchema } from '../../../contracts/schedules/schema.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { checkArguments } from '../../../workflows/shape.ts';
import { taskShapes } from '../../../workflows/tasks/shapes.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const call = (options: object) =>
  prepareCall('samples.add', { a: 1, b: 2 }, options, { priorityLevels: 5, sealKeys: undefined, now: () => NOW });
const signature = (options: object) => ({ task: 'samples.add', args: [], kwargs: {}, options, immutable: false });

const issuesOf = ({ error }: { error?: { issues: readonly { message: string }[] } | undefined }) =>
  error?.issues.map(({ message }) => message) ?? [];
const checkFacts = (facts: object) => {
  checkArguments(taskShapes[taskWorkflows.runTask].input, ['samples.add', { a: 1, b: 2 }, facts]);
};

/** What JavaScript's `Date.parse` takes, or what looks like a time and is none. */
const WRONG = [
  ...['60', '0', '2026', '2026-01', '1767225600', '1767225600000', '', ' ', 'tomorrow', 'now', '12:00', '1/2/2026'],
  ...['2026-02-30', '2026-13-01', '2026-01-01T24:00:00Z', '2026-01-01T12:60:00Z', '2026-01-01T12:00:60Z', '20260101'],
  ...['2026-01-01T12:00:00+25:00', '2026-01-01T12:00:00 UTC', '2026-01-01T12', 'Thu, 01 Jan 2026 00:00:00 GMT'],
  ...['2026-01-01Z', ' 2026-01-01', '2026-01-01T12:00:00Z\n', '+012026-01-01T00:00:00Z', '2026-1-1'],
];

describe('times of callers', () => {
  it('CFG-7 are UTC without an offset, whatever the zone of the process', () => {
    const zone = process.env['TZ'];
    try {
      for (const TZ of ['America/New_York', 'Asia/Kolkata', 'UTC']) {
        process.env['TZ'] = TZ;
        for (const text of ['2026-01-31T12:00:00', '2026-01-31 12:00', '2026-01-31T12:00:00.000', '2026-01-31T12:00Z'])
          expect([TZ, text, parseInstant(text)]).toEqual([TZ, text, Date.UTC(2026, 0, 31, 12)]);
        expect(delayOf({ eta: '2026-01-01T00:01:00' }, NOW, NOW)).toBe(60_000);
        expect(expiryOf({ expires: '2026-01-01T00:01:00' }, NOW)).toBe(NOW + 60_000);
        expect(call({ eta: '2026-01-01T00:01:00' }).start.startDelay).toBe(60_000);
        expect(call({ expires: '2026-01-01T00:01:00' }).facts.expiresAt).toBe('2026-01-01T00:01:00.000Z');
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('are the same instant in every form of ISO 8601 that names it', () => {
    const at = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(at, offset, fc.constantFrom('T', ' '), fc.boolean(), (ms, minutes, separator, colon) => {
        const two = (n: number) => String(n).padStart(2, '0');
        const wall = new Date(ms + minutes * 60_000).toISOString().slice(0, -1).replace('T', separator);
        const distance = Math.abs(minutes);
        const suffix = `${minutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}${colon ? ':' : ''}${two(distance % 60)}`;
        expect(parseInstant(wall + suffix)).toBe(ms);
        expect(parseInstant(`${wall}456${suffix}`)).toBe(ms); // microseconds, as Python writes them
      }),
    );
  });

  it('are never guessed from other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...WRONG), fc.float().map(String)), (text) => {
        const at = parseInstant(text);
        if (at !== undefined) expect(text).toMatch(/^\d{4}-\d\d-\d\d/);
      }),
    );
  });

  it.each(WRONG)('are refused in every place: %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
    const got = JSON.stringify(text);
    const message = (field: string, form = '') => `${field}: expected ${form}${INSTANT_EXPECTED}, got ${got}`;
    expect(() => call({ eta: text })).toThrow(message('options.eta'));
    expect(() => call({ expires: text })).toThrow(/^options\.expires: expected seconds as a number/);
    expect(() => call({ expires: text })).toThrow(`or ${INSTANT_EXPECTED}, got ${got}`);
    expect(() => parseSignature(signature({ eta: text }))).toThrow(`options.eta: expected ${INSTANT_EXPECTED}`);
    expect(() => parseSignature(signature({ expires: text }))).toThrow(
      `options.expires: expected seconds as a number, or ${INSTANT_EXPECTED}`,
    );
    expect(rangeSchema.safeParse({ from: text, to: '2026-01-02T00:00:00Z' }).success).toBe(false);
    const slice = { after: '', limit: 1, round: 1 };
    for (const schema of [reminderSliceInputSchema, digestSliceInputSchema])
      expect(issuesOf(schema.safeParse({ ...slice, now: text, from: text, until: text }))).toContain(
        `expected ${INSTANT_EXPECTED}`,
      );
    expect(() => checkFacts({ expiresAt: text })).toThrow(`expected ${INSTANT_EXPECTED}`);
  });

  it('are seconds where they are numbers', () => {
    expect(call({ expires: 60 }).facts.expiresAt).toBe('2026-01-01T00:01:00.000Z');
    expect(expiryOf({ expires: 60 }, NOW)).toBe(NOW + 60_000);
  });
});
