import { describe, expect, it } from 'vitest';
import { addTurns, inkThreshold, pgmHeader, shrink, turn } from '../../../services/ocr/gray.ts';
import type { GrayPage } from '../../../services/ocr/gray.ts';
import { isNoisy } from '../../../services/ocr/prepare.ts';

const page: GrayPage = { width: 3, height: 2, data: Uint8Array.from([1, 2, 3, 4, 5, 6]), dpi: 300 };

describe('gray pages', () => {
  it('turn clockwise', () => {
    expect([...turn(page, 90).data]).toEqual([4, 1, 5, 2, 6, 3]);
    expect([...turn(page, 180).data]).toEqual([6, 5, 4, 3, 2, 1]);
    expect([...turn(page, 270).data]).toEqual([3, 6, 2, 5, 1, 4]);
    expect(turn(page, 90)).toMatchObject({ width: 2, height: 3 });
    expect(turn(page, 0)).toBe(page);
  });

  it('add turns up to a full circle', () => {
    expect(addTurns(270, 180)).toBe(90);
    expect(addTurns(180, 180)).toBe(0);
  });

  it('shrink to the mean of their pixels and to a lower resolution', () => {
    const shrunk = shrink(
      { width: 4, height: 2, data: Uint8Array.from([0, 10, 100, 100, 20, 30, 200, 200]), dpi: 300 },
      2,
    );
    expect(shrunk).toEqual({ width: 2, height: 1, data: Uint8Array.from([15, 150]), dpi: 150 });
  });

  it('shrink even when narrower than the factor', () => {
    expect(shrink({ width: 1, height: 8, data: new Uint8Array(8).fill(90), dpi: undefined }, 4)).toMatchObject({
      width: 1,
      height: 2,
    });
    expect([...shrink({ width: 1, height: 8, data: new Uint8Array(8).fill(90), dpi: undefined }, 4).data]).toEqual([
      90, 90,
    ]);
  });

  it('separate ink from paper', () => {
    const data = Uint8Array.from({ length: 1000 }, (_, index) => (index % 10 === 0 ? 60 : 210));
    const threshold = inkThreshold({ width: 100, height: 10, data, dpi: undefined });
    expect(threshold).toBeGreaterThanOrEqual(60);
    expect(threshold).toBeLessThan(210);
  });

  it('count as noisy with stray pixels only', () => {
    const clean = new Uint8Array(10_000).fill(255).fill(0, 4000, 4700);
    const noisy = clean.slice();
    for (let at = 550; at < 3900; at += 37) noisy[at] = 0;
    expect(isNoisy({ width: 100, height: 100, data: clean, dpi: undefined })).toBe(false);
    expect(isNoisy({ width: 100, height: 100, data: noisy, dpi: undefined })).toBe(true);
  });

  it('are handed on as PGM', () => {
    expect(pgmHeader(page).toString()).toBe('P5\n3 2\n255\n');
  });
});
