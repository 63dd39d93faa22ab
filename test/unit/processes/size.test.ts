import { expect, it } from 'vitest';
import { sizeOf } from '../../../services/processes/size.ts';

it.each([
  ['text', 'x'.repeat(1_000), 1_000],
  ['bytes', new Uint8Array(1_000), 1_000],
  ['memory', new ArrayBuffer(1_000), 1_000],
  ['texts inside lists and records', [{ a: 'x'.repeat(500) }, { b: ['y'.repeat(500)] }], 1_000],
  ['many small numbers', Array.from({ length: 200_000 }, () => 1), 1_600_000],
  ['nothing', undefined, 0],
] as const)('%s count as what they hold, and little more', (_name, value, bytes) => {
  const size = sizeOf(value, Infinity);
  expect(size).toBeGreaterThanOrEqual(bytes);
  expect(size).toBeLessThanOrEqual(bytes + 100);
});

it('counting stops soon after the limit, in circles too', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(sizeOf(circle, 1_000)).toBeLessThan(1_100);
});
