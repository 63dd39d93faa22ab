/** Values that kombu writes with their type; the texts are those that kombu 5.7 wrote. */
import { describe, expect, it } from 'vitest';
import { kombuJson } from '../../../canvas/build/kombu.ts';
import { parseCall, parseSignature } from '../../../canvas/signature/parse.ts';
import { type CallRules, checkArguments, prepareCall } from '../../../client/tasks/prepare-call.ts';
import { findTask } from '../../../contracts/register.schema.ts';
import { rangeSchema } from '../../../contracts/schedules/schema.ts';

const typed = (type: unknown, value: unknown): object => ({ __type__: type, __value__: value });

const rules: CallRules = {
  priorityLevels: 5,
  sealKeys: undefined,
  now: () => Date.parse('2026-01-31T12:29:00Z'),
};

const values: readonly (readonly [type: string, value: unknown, plain: unknown])[] = [
  ['datetime', '2026-01-31T12:30:00.123456+00:00', '2026-01-31T12:30:00.123456+00:00'],
  ['datetime', '2026-01-31T12:30:00', '2026-01-31T12:30:00'],
  ['date', '2026-01-31', '2026-01-31'],
  ['time', '12:30:00.000005', '12:30:00.000005'],
  ['decimal', '12345678901234567890.50', '12345678901234567890.50'],
  ['decimal', '1E+3', '1E+3'],
  ['uuid', { hex: '0b2c5c1e8d3f4c4e9a4e1f2d3c4b5a69' }, '0b2c5c1e-8d3f-4c4e-9a4e-1f2d3c4b5a69'],
  ['bytes', 'Zürich', 'WsO8cmljaA=='],
  ['bytes', '', ''],
  ['base64', '/wA=', '/wA='],
  ['set', [1, typed('date', '2026-01-31')], [1, '2026-01-31']],
];

describe('typed values', () => {
  it.each(values)('%s %j becomes %j', (type, value, plain) => {
    const kwargs = { deep: [{ at: typed(type, value) }], same: 1 };
    const canvas = parseSignature({ task: 'a', args: [typed(type, value)], kwargs });
    expect(canvas).toEqual({ task: 'a', args: [plain], kwargs: { deep: [{ at: plain }], same: 1 } });
  });

  it('are taken in options, and beside a canvas', () => {
    const eta = typed('datetime', '2026-01-31T12:30:00+00:00');
    const body = { task: 'b', options: { eta, expires: eta } };
    const canvas = { task: 'celery.chord', kwargs: { header: [{ task: 'a' }], body, kwargs: {} } };
    expect(JSON.stringify(parseSignature(canvas))).toBe(
      JSON.stringify(canvas).replaceAll(JSON.stringify(eta), '"2026-01-31T12:30:00+00:00"'),
    );
    expect(parseCall({ task: 'a' }, { args: [eta], kwargs: { eta }, options: { eta } })).toEqual({
      args: ['2026-01-31T12:30:00+00:00'],
      kwargs: { eta: '2026-01-31T12:30:00+00:00' },
      options: { eta: '2026-01-31T12:30:00+00:00' },
    });
  });

  it('are taken in the input of a single task', () => {
    const task = findTask('samples.upperCase');
    if (task === undefined) throw new TypeError('expected the task');
    expect(checkArguments(task, { data: typed('date', '2026-01-31') })).toEqual({ data: '2026-01-31' });
  });

  it('are taken in the options of a single call and in the time of a schedule', () => {
    const eta = typed('datetime', '2026-01-31T12:30:00+00:00');
    const expires = typed('datetime', '2026-01-31T12:31:00+00:00');
    const { start, facts } = prepareCall('samples.add', { a: 1, b: 2 }, { eta, expires } as never, rules);
    expect([start.startDelay, facts.expiresAt]).toEqual([60_000, '2026-01-31T12:31:00.000Z']);
    expect(rangeSchema.parse({ from: eta, to: '2026-02-01' })).toMatchObject({ from: '2026-01-31T12:30:00+00:00' });
  });

  it.each(values)('%s %j in the headers of a single call becomes %j, as in a canvas', (type, value, plain) => {
    const headers = { at: typed(type, value), deep: [{ at: typed(type, value) }], same: 1 };
    const call = prepareCall('samples.add', { a: 1, b: 2 }, { headers }, rules);
    expect(call.facts.headers).toEqual({ at: plain, deep: [{ at: plain }], same: 1 });
    expect(parseSignature({ task: 'a', options: { headers } }).options).toEqual({ headers: call.facts.headers });
    expect(() =>
      prepareCall('samples.add', { a: 1, b: 2 }, { headers: { at: typed('complex', '1j') } }, rules),
    ).toThrow('options.headers.at.__type__: expected datetime, date');
  });

  it('with other fields beside them are data', () => {
    const data = { __type__: 'date', __value__: 'x', more: 1 };
    expect(parseSignature({ task: 'a', args: [data, { __type__: 'date' }] }).args).toEqual([
      data,
      { __type__: 'date' },
    ]);
  });

  it('a canvas without any is given back as it is', () => {
    const canvas = { task: 'a', args: [{ deep: [1] }] };
    expect(parseSignature(canvas)).toBe(canvas);
  });

  it.each([
    ['datetime', 'yesterday', '__value__: expected a time as ISO 8601'],
    ['datetime', 5, '__value__: expected a time as ISO 8601'],
    ['date', '2026-02-30', '__value__: expected a date such as 2026-01-31, got "2026-02-30"'],
    ['time', '25:00', '__value__: expected a time of day such as 12:30:00, got "25:00"'],
    ['decimal', 'NaN', '__value__: expected a number as text such as "1.50", got "NaN"'],
    ['uuid', { hex: 'zz' }, '__value__: expected {"hex": …} with 32 hexadecimal digits, got an object'],
    ['bytes', [1], '__value__: expected text, got a list of 1'],
    ['base64', '!', '__value__: expected base64, got "!"'],
    ['set', 'abc', '__value__: expected a list, got "abc"'],
    ['complex', '1j', '__type__: expected datetime, date, time, decimal, uuid, bytes, base64, set, got "complex"'],
    ['__proto__', '', '__type__: expected datetime'],
    [null, '', '__type__: expected datetime'],
  ])('%j with %j is refused with its path', (type, value, message) => {
    const canvas = { task: 'a', kwargs: { at: [typed(type, value)] } };
    expect(() => parseSignature(canvas)).toThrow(`canvas.kwargs.at[0].${message}`);
  });

  it('go the other way as a Celery worker reads them', () => {
    const at = new Date('2026-01-31T12:30:00.5Z');
    expect(kombuJson({ at, list: [new Uint8Array([255, 0]), new Set([at])], plain: 'x', none: null })).toEqual({
      at: typed('datetime', '2026-01-31T12:30:00.500+00:00'),
      list: [typed('base64', '/wA='), [typed('datetime', '2026-01-31T12:30:00.500+00:00')]],
      plain: 'x',
      none: null,
    });
  });
});
