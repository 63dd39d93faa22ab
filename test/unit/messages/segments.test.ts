import { expect, it } from 'vitest';
import { costOf, textParts } from '../../../services/messages/segments.ts';

it.each([
  ['', 'gsm7', 0, 1],
  ['a'.repeat(160), 'gsm7', 160, 1],
  ['a'.repeat(161), 'gsm7', 161, 2],
  ['a'.repeat(306), 'gsm7', 306, 2],
  ['a'.repeat(307), 'gsm7', 307, 3],
  ['Größe 5 €', 'gsm7', 10, 1],
  ['€'.repeat(80), 'gsm7', 160, 1],
  ['€'.repeat(81), 'gsm7', 162, 2],
  ['é'.repeat(160), 'gsm7', 160, 1],
  ['ê'.repeat(70), 'ucs2', 70, 1],
  ['ê'.repeat(71), 'ucs2', 71, 2],
  ['ş', 'ucs2', 1, 1],
  ['“quoted”', 'ucs2', 8, 1],
  ['😀'.repeat(35), 'ucs2', 70, 1],
  ['😀'.repeat(36), 'ucs2', 72, 2],
  ['👩‍👩‍👧', 'ucs2', 8, 1],
])('counts the parts of %j: %s, %i units in %i', (text, encoding, units, segments) => {
  expect(textParts(text)).toEqual({ encoding, units, segments });
});

it('never splits what takes two units between two parts', () => {
  // 76 characters of two septets fit a part of 153, one septet of which stays free.
  expect(textParts('€'.repeat(152)).segments).toBe(2);
  expect(textParts('€'.repeat(153)).segments).toBe(3);
  // 33 emoji fit a part of 67.
  expect(textParts('😀'.repeat(66)).segments).toBe(2);
  expect(textParts('😀'.repeat(67)).segments).toBe(3);
});

it('counts 1,600 characters with emoji without a limit of its own', () => {
  expect(textParts(`${'a'.repeat(1_598)}😀`)).toEqual({ encoding: 'ucs2', units: 1_600, segments: 24 });
});

it('computes costs without rounding them away', () => {
  expect(costOf(1, 0.0079)).toBe('0.007900');
  expect(costOf(3, 0.1)).toBe('0.300000');
  expect(costOf(7, 1.234567)).toBe('8.641969');
  expect(costOf(5, 0)).toBe('0.000000');
});
