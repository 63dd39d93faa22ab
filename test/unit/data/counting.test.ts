import { describe, expect, it } from 'vitest';
import { DistinctCount, NumberSpread, SeenRows } from '../../../services/data/profiling/counting.ts';
import { ColumnProfile } from '../../../services/data/profiling/column.ts';

const profileOf = (cells: readonly string[]) => {
  const column = new ColumnProfile('c', 1, { distinct: 100, sample: 100 });
  for (const [at, cell] of cells.entries()) column.add(cell, at + 2);
  return column.result();
};
const fixesOf = (...cells: readonly string[]) =>
  profileOf(cells).fixes.map(({ id, form, changes }) => [id, form, changes]);

describe('counting in bounded memory', () => {
  it('different values: exact while they are few, and within 3 % when they are many', () => {
    const few = new DistinctCount(100);
    const many = new DistinctCount(100);
    for (let n = 0; n < 50_000; n += 1) {
      few.add(`value ${String(n % 100)}`);
      many.add(`value ${String(n)}`);
    }
    expect(few.result()).toEqual({ count: 100, exact: true });
    expect(many.result().exact).toBe(false);
    expect(Math.abs(many.result().count - 50_000)).toBeLessThan(1_500);
  });

  it('repeated rows: with the line of the first, and only those that are remembered when there are too many', () => {
    const seen = new SeenRows(4_096);
    const lines = Array.from({ length: 20_000 }, (_, n) => seen.add([String(n), 'x'], n));
    expect(lines.every((line) => line === undefined)).toBe(true);
    expect(seen.exact).toBe(false);
    expect(seen.add(['7', 'x'], 20_001)).toBe(7);
    expect(seen.add(['19999', 'x'], 20_002)).toBeUndefined();
    expect(new SeenRows(10).exact).toBe(true);
  });

  it('rows with the same text in other columns are no repetition', () => {
    const seen = new SeenRows(10);
    expect(seen.add(['a,b', 'c'], 1)).toBeUndefined();
    expect(seen.add(['a', 'b,c'], 2)).toBeUndefined();
    expect(seen.add(['a,b', 'c'], 3)).toBe(1);
  });

  it('quartiles of a sample: the same for the same numbers, near the true ones, and never called exact', () => {
    const spread = () => {
      const numbers = new NumberSpread(500);
      for (let n = 0; n < 100_000; n += 1) numbers.add((n * 7_919) % 100_000, n);
      return numbers.result();
    };
    expect(spread()).toEqual(spread());
    expect(spread()).toMatchObject({ min: 0, max: 99_999, mean: 49_999.5, exact: false, outliers: [] });
    for (const [at, quartile] of (spread()?.quartiles ?? []).entries())
      expect(Math.abs(quartile - 25_000 * (at + 1))).toBeLessThan(7_000);
  });
});

describe('a fix is suggested only where a column leaves no doubt', () => {
  it.each([
    [['1.234,50', '12,00'], [['number:1', ',', 2]]],
    [['1,234.50', '12.00'], [['number:1', '.', 1]]],
    [['1,234', '1.234'], []], // each reads with both signs
    [['1.234', '12,5'], [['number:1', ',', 2]]],
    [['12,5', '12.5'], []],
    [['12,5', 'twelve'], []],
    [['007', '008'], []],
  ])('numbers %j', (cells, fixes) => {
    expect(fixesOf(...cells)).toEqual(fixes);
  });

  it.each([
    [['31.01.2026', '1.2.2026'], [['date:1', 'D.M.YYYY', 2]]],
    [['01/31/2026', '02/03/2026'], [['date:1', 'M/D/YYYY', 2]]],
    [['31/01/2026', '02/03/2026'], [['date:1', 'D/M/YYYY', 2]]],
    [['01/02/2026', '02/03/2026'], []], // day or month first
    [['31/01/2026', '01/31/2026'], []],
    [['31.02.2026', '30.02.2026'], []],
    [['2026-01-31', '2026-02-01'], []],
  ])('dates %j', (cells, fixes) => {
    expect(fixesOf(...cells)).toEqual(fixes);
  });

  it('truths, addresses, spaces and marks', () => {
    expect(fixesOf('Yes', 'no', 'true')).toEqual([['boolean:1', undefined, 2]]);
    expect(fixesOf('yes', 'maybe')).toEqual([]);
    expect(fixesOf('Ann@EXAMPLE.com', 'bob@example.com')).toEqual([['email:1', undefined, 1]]);
    expect(fixesOf(' a', 'b\u00a0', 'c')).toEqual([['trim:1', undefined, 2]]);
    expect(fixesOf('n/a', 'N/A', '-', 'nation')).toEqual([['emptyMark:1', undefined, 3]]);
  });

  it('the kind of a column is the narrowest that 95 % of its values have', () => {
    const most = (share: number) =>
      profileOf(Array.from({ length: 100 }, (_, n) => (n < share ? String(n) : `word ${String(n)}`))).column.kind;
    expect([most(95), most(94)]).toEqual(['integer', 'text']);
    expect(profileOf(['1', '2.5']).column.kind).toBe('decimal');
    expect(profileOf(['2026-01-31', '2026-01-31T10:00:00Z']).column.kind).toBe('time');
    expect(profileOf(['2026-02-31']).column.kind).toBe('text');
  });
});
