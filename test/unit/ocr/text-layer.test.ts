import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openPdf } from '../../../services/ocr/pdfium.ts';
import { isUsableLayer, readTextLayer, wordsOf } from '../../../services/ocr/text-layer.ts';
import { makePdf, PARAGRAPH } from './pages.ts';

const picture = (): Promise<Buffer> =>
  sharp({ create: { width: 420, height: 300, channels: 3, background: '#ddd' } })
    .png()
    .toBuffer();
const characters = (text: string): { text: string; box: undefined; mapped: boolean }[] =>
  Array.from(text, (one) => ({ text: one, box: undefined, mapped: true }));

describe('the text layer of a PDF', () => {
  it('yields text, words and boxes', async () => {
    const file = await openPdf(await makePdf([{ lines: PARAGRAPH }]));
    const reading = readTextLayer(file, 0)!;
    expect(reading).toMatchObject({
      page: 0,
      origin: 'text-layer',
      engine: 'text-layer',
      confidence: 1,
      width: 420,
      height: 300,
      rotation: 0,
      skew: 0,
    });
    expect(reading.text.split(/\r?\n/).map((line) => line.trim())).toEqual(PARAGRAPH);
    expect(reading.words.map((word) => word.text).join(' ')).toBe(PARAGRAPH.join(' '));
    expect(reading.words.at(-1)!.line).toBe(PARAGRAPH.length - 1);
    const [left, top, right, bottom] = reading.words[0]!.box;
    // The first word stands at 36 of 420 points from the left and 40 of 300 from the top.
    expect(left).toBeCloseTo(36 / 420, 1);
    expect(right).toBeGreaterThan(left);
    expect(top).toBeGreaterThan(40 / 300 - 0.01);
    expect(bottom).toBeLessThan(60 / 300);
    file.close();
  });

  it('is decided page by page in a mixed PDF', async () => {
    const file = await openPdf(
      await makePdf([
        { lines: PARAGRAPH },
        { picture: await picture() },
        { picture: await picture(), stamp: 'Scanned 2026-03-14' },
      ]),
    );
    expect(readTextLayer(file, 0)).toBeDefined();
    expect(readTextLayer(file, 1)).toBeUndefined();
    expect(readTextLayer(file, 2), 'a stamp over a scan is not the text of the page').toBeUndefined();
    file.close();
  });

  it('is not usable when empty, short or garbage', () => {
    expect(isUsableLayer([], 0)).toBe(false);
    expect(isUsableLayer(characters('3'), 0)).toBe(false);
    expect(isUsableLayer(characters('\uE001\uE002\uE003 abcdefghij'), 0)).toBe(false);
    expect(
      isUsableLayer(
        characters('abcdefghij').map((one) => ({ ...one, mapped: false })),
        0,
      ),
    ).toBe(false);
    expect(isUsableLayer(characters('Invoice 2026-17'), 0)).toBe(true);
    expect(isUsableLayer(characters('Page 17 of 20'), 0.95)).toBe(false);
    expect(isUsableLayer(characters('words of a page '.repeat(20)), 0.95)).toBe(true);
  });

  it('joins characters to words and boxes', () => {
    const boxed = Array.from('ab c', (text, index) => ({
      text,
      mapped: true,
      box: text === ' ' ? undefined : ([index / 10, 0.5, (index + 1) / 10, 0.6] as [number, number, number, number]),
    }));
    expect(wordsOf(boxed).words).toEqual([
      { text: 'ab', confidence: 1, box: [0, 0.5, 0.2, 0.6], line: 0 },
      { text: 'c', confidence: 1, box: [0.3, 0.5, 0.4, 0.6], line: 0 },
    ]);
  });
});
