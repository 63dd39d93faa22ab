import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksInOrder } from '../../../services/ocr/columns/order.ts';
import type { Word } from '../../../services/ocr/port.ts';
import { byRow, down, textOfScan } from './placed.ts';

/** Breaks words into lines of at most 30 characters. */
function wrapped(words: readonly string[]): string[] {
  const lines = [''];
  for (const word of words) {
    const line = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (line.length <= 30) lines.splice(-1, 1, line);
    else lines.push(word);
  }
  return lines;
}

describe('words in reading order', () => {
  const anyWords = fc.array(
    fc.record({
      text: fc.string({ minLength: 1, maxLength: 12 }),
      x: fc.double({ min: 0, max: 0.9, noNaN: true }),
      y: fc.double({ min: 0, max: 0.95, noNaN: true }),
      line: fc.nat(20),
    }),
    { maxLength: 80 },
  );

  it('are all there once, whatever stands where', () => {
    fc.assert(
      fc.property(anyWords, fc.double({ min: 0.1, max: 10, noNaN: true }), (places, aspect) => {
        const words = places.map(({ text, x, y, line }): Word => ({
          text,
          confidence: 1,
          line,
          box: [x, y, x + 0.05, y + 0.02],
        }));
        const found = blocksInOrder(words, aspect).flat();
        expect(found).toHaveLength(words.length);
        expect(new Set(found)).toEqual(new Set(words));
      }),
    );
  });

  it('keep the lines of columns together, however wide the page and its gutter are', () => {
    const word = fc.constantFrom('water', 'bridge', 'of', 'sand', 'evening', 'house', 'carried');
    const column = fc.array(word, { minLength: 24, maxLength: 60 }).map(wrapped);
    fc.assert(
      fc.property(
        column,
        column,
        fc.integer({ min: 12, max: 60 }),
        fc.integer({ min: 0, max: 9 }),
        (one, two, gutter, shift) => {
          const edge = 40 + Math.max(...one.map((text) => 5 * text.length - 2 * 4)) + gutter;
          const lines = byRow(down(one, 40, 20, 15), down(two, edge, 20 + shift, 15));
          expect(textOfScan(lines, edge + 200)).toEqual([...one, ...two]);
        },
      ),
    );
  });
});
