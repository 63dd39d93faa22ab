import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createPagePool } from '../../../services/ocr/pool.ts';

const warnings: string[] = [];
const note = (warning: Error): void => {
  warnings.push(warning.name);
};

afterEach(() => {
  process.off('warning', note);
});

it('OCR-7 many pages of one document wait on its one signal without a warning, and all leave with it', async () => {
  process.on('warning', note);
  const child = { maxPixels: 1, maxFileBytes: 1, maxPages: 1, tesseract: undefined };
  const pool = createPagePool({ processes: 1, recyclePages: 1, pageTimeoutMs: 60_000, pageMemoryMb: 1_024, child });
  const stop = new AbortController();
  const waiting = Array.from({ length: 30 }, () => pool.run({ kind: 'inspect', path: 'none' }, stop.signal));
  const outcomes = Promise.allSettled(waiting);
  const reason = new Error('cancelled');
  stop.abort(reason);
  expect(await outcomes).toEqual(waiting.map(() => ({ status: 'rejected', reason })));
  await setImmediate(); // warnings come a moment later
  expect(warnings).toEqual([]);
  await pool.close();
});
