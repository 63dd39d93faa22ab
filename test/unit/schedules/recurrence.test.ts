import { describe, expect, it } from 'vitest';
import type { Recurrence } from '../../../contracts/schedules/vocabulary.ts';
import { dueTimes, forecast } from '../../../schedules/next.ts';
import { compileRecurrence, describeTiming } from '../../../schedules/timing.ts';

function runs(recurrence: Recurrence, after: string, count = 5): readonly string[] {
  return forecast(compileRecurrence(recurrence), { afterMs: Date.parse(after), count }).flatMap(({ kind, at }) =>
    kind === 'run' ? [at] : [],
  );
}

const SUNSET = { solar: { event: 'sunset', latitude: 52.5, longitude: 13.4 } } as const;

describe('BEAT-22 start and end of a schedule', () => {
  it('are both included, in whole seconds', () => {
    const timing = { every: { seconds: 60 } };
    const range = { start: '2030-01-01T00:00:59.001Z', end: '2030-01-01T00:02:00.999Z' };
    const both = ['2030-01-01T00:01:00.000Z', '2030-01-01T00:02:00.000Z'];
    expect(runs({ timing, ...range }, '2026-01-01')).toEqual(both);
    expect(runs({ timing: { cron: '* * * * *' }, ...range }, '2026-01-01')).toEqual(both);
    expect(runs({ timing, ...range }, both[0] ?? '')).toEqual(both.slice(1));
    const due = dueTimes(compileRecurrence({ timing, ...range }), Date.parse('2030-01-01'), Date.parse('2030-01-02'));
    expect(due.map((ms) => new Date(ms).toISOString())).toEqual(both);
  });

  it('hold for once a day, and gaps outside of them are not shown', () => {
    const berlin = { timing: { cron: '30 2 * * *' }, timeZone: 'Europe/Berlin' };
    const range = { start: '2027-03-28T00:00:00Z', end: '2027-03-29T12:00:00Z' };
    expect(runs({ ...berlin, ...range, onceADay: true }, '2027-01-01')).toEqual([
      '2027-03-28T01:00:00.000Z',
      '2027-03-29T00:30:00.000Z',
    ]);
    const shown = forecast(compileRecurrence({ ...berlin, start: '2027-03-28T02:00:00Z', end: range.end }), {
      afterMs: Date.parse('2027-01-01'),
    });
    expect(shown.map(({ kind }) => kind)).toEqual(['run']);
  });

  it('of the sun mean the event: its day may begin before the start', () => {
    const all = runs({ timing: SUNSET }, '2030-06-01', 4);
    const [first = '', second = '', third = '', fourth = ''] = all;
    const between = (start: string, end: string): readonly string[] =>
      runs({ timing: SUNSET, start, end }, '2030-01-01');
    expect(between(second, third)).toEqual([second, third]);
    const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();
    expect(between(later(first, 1000), later(fourth, -1000))).toEqual([second, third]);
    // The server starts the waiting workflow of exactly these days.
    const firings = dueTimes(
      compileRecurrence({ timing: SUNSET, start: later(first, 1000), end: later(fourth, -1000) }),
      Date.parse('2030-01-01'),
      Date.parse('2031-01-01'),
    );
    expect(firings).toHaveLength(2);
    firings.forEach((ms, index) => {
      const waitMs = Date.parse([second, third][index] ?? '') - ms;
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThan(24 * 3_600_000);
    });
  });

  it('may not lie the other way round', () => {
    const reversed = { timing: { cron: '* * * * *' }, start: '2030-01-02', end: '2030-01-01' };
    expect(() => compileRecurrence(reversed)).toThrow(
      'end: expected a time not before the start, 2030-01-02T00:00:00.000Z, got "2030-01-01"',
    );
  });
});

describe('BEAT-22 a clocked time', () => {
  it('is one instant, rounded up to the second', () => {
    expect(runs({ timing: { at: '2030-01-01T08:00:00.100+02:00' } }, '2026-01-01')).toEqual([
      '2030-01-01T06:00:01.000Z',
    ]);
    expect(runs({ timing: { at: '2030-01-01' } }, '2030-01-01T00:00:00Z')).toEqual([]);
    expect(describeTiming({ at: '2030-01-01' })).toBe('at 2030-01-01');
  });

  it.each(['2030-01-01T08:00', '2030-01-01 08:00:00', '2030-01-01'])(
    'without an offset is refused beside a zone: %s',
    (at) => {
      const compile = (text: string) => compileRecurrence({ timing: { at: text }, timeZone: 'Europe/Berlin' });
      const example = new Date(`${at.replace(' ', 'T')}${at.includes(':') ? 'Z' : ''}`).toISOString();
      expect(() => compile(at)).toThrow(
        `timing.at: expected a time with its offset, as ${example}, beside the time zone Europe/Berlin`,
      );
      expect(compile(example).instants).toEqual([Date.parse(example)]);
    },
  );

  it.each(['2030-01-01T08:00Z', '2030-01-01T08:00:00.5+01:00', '2030-01-01 08:00:00+0100', '2030-01-01T08:00-05'])(
    'with an offset is taken in any zone: %s',
    (at) => {
      expect(runs({ timing: { at }, timeZone: 'Europe/Berlin' }, '2026-01-01')).toHaveLength(1);
    },
  );

  it('is no time of day', () => {
    expect(() => compileRecurrence({ timing: { at: '2030-01-01' }, onceADay: true })).toThrow('onceADay: expected');
  });
});
