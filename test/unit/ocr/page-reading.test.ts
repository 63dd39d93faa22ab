/** What is made of a page when the engine reads well, badly or nothing; the engine is told what it reads. */
import { describe, expect, it } from 'vitest';
import type { TextEngine } from '../../../services/ocr/engine.ts';
import type { GrayPage } from '../../../services/ocr/gray.ts';
import { readPageWith } from '../../../services/ocr/page-reading.ts';
import { assemblePage } from '../../../services/ocr/pdf/assembly.ts';
import type { Box } from '../../../services/ocr/pdf/boxes.ts';
import type { PageText } from '../../../services/ocr/pdf/page-text.ts';
import type { ReadPageRequest, Word } from '../../../services/ocr/port.ts';
import { unreadOf } from '../../../services/ocr/recognise.ts';
import type { SourceFile } from '../../../services/ocr/sources/source.ts';

const words = (text: string, confidence = 1, top = 0.1): Word[] =>
  text
    .split(' ')
    .map((word, n) => ({ text: word, confidence, box: [0.1 * n, top, 0.1 * n + 0.08, top + 0.02], line: 0 }));

const page = (text: string, facts: Partial<PageText> = {}): PageText => ({
  text,
  words: words(text),
  width: 420,
  height: 300,
  layer: 'believed',
  notes: [],
  pictures: [],
  ...facts,
});

const LETTER = { width: 60, height: 90, stroke: 14, pitch: 95 } as const;

/** Draws hollow boxes in a row, which count as letters. */
function gray(): GrayPage {
  const [width, height] = [900, 300];
  const isInk = (x: number, y: number): boolean =>
    x >= 0 &&
    x < LETTER.width &&
    y >= 0 &&
    y < LETTER.height &&
    Math.min(x, LETTER.width - x, y, LETTER.height - y) < LETTER.stroke;
  const shade = (at: number): number =>
    isInk(((at % width) - 60) % LETTER.pitch, Math.floor(at / width) - 100) ? 0 : 255;
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, at) => shade(at)), dpi: 300 };
}

const source: SourceFile = {
  path: '/page.pdf',
  mediaType: 'application/pdf',
  pages: 1,
  gray: () => Promise.resolve(gray()),
  colour: () => Promise.reject(new TypeError('expected no page in colour')),
  check: () => Promise.resolve(0),
};
const request: ReadPageRequest = {
  path: '/page.pdf',
  mediaType: 'application/pdf',
  page: 0,
  backend: 'tesseract',
  language: 'eng',
  preprocess: false,
  forceOcr: false,
};

/** An engine that gives one reading after the other, and the widths of what it was shown. */
function engineOf(...readings: readonly (readonly Word[])[]): {
  readonly engine: TextEngine;
  readonly widths: number[];
} {
  const widths: number[] = [];
  const read: TextEngine['read'] = ({ width, height }, language) => {
    const found = readings[widths.length] ?? [];
    widths.push(width);
    const text = found.map((word) => word.text).join(' ');
    return Promise.resolve({ width, height, text, words: found, confidence: found[0]?.confidence ?? 0, language });
  };
  return {
    engine: {
      name: 'tesseract',
      installing: (code) => `Install ${code}`,
      languages: () => Promise.resolve(['eng']),
      read,
    },
    widths,
  };
}

describe('OCR-3 a field whose value is drawn', () => {
  const field: Box = [0.3, 0.09, 0.6, 0.13];
  const own = page('Your name:', { notes: [{ text: 'Ada', box: field, drawn: true }] });

  it('stands behind its label, also in a tall field, and not once more where its picture was recognised', () => {
    const inField: Word = { text: 'Adа', confidence: 0.9, box: [0.35, 0.1, 0.4, 0.12], line: 0 };
    const reading = assemblePage(0, own, [{ box: field, words: [inField] }], 'tesseract');
    expect(reading.text).toBe('Your name: Ada');
  });
});

describe('OCR-3 a text layer that looks like nonsense', () => {
  const layer = 'Xqzt vbnk wrpl';
  const doubtful = page(layer, { layer: 'doubtful' });

  it('is kept when recognising the page gives the same', async () => {
    const reading = await readPageWith(doubtful, source, request, engineOf(words(layer, 0.9)).engine);
    expect(reading).toMatchObject({ text: layer, origin: 'text-layer', state: 'read', confidence: 1 });
  });

  it('gives way to what is recognised well', async () => {
    const reading = await readPageWith(doubtful, source, request, engineOf(words('Invoice number 4711', 0.9)).engine);
    expect(reading).toMatchObject({ text: 'Invoice number 4711', origin: 'ocr', state: 'read' });
  });

  it('is kept with its doubt where the page cannot be recognised', async () => {
    const reading = await readPageWith(doubtful, source, request, engineOf(words('lll iii', 0.2)).engine);
    expect(reading).toMatchObject({ text: layer, state: 'partly read' });
    expect(reading.confidence).toBeLessThan(0.5);
    expect(reading.unread?.[0]?.reason).toContain('recognising the page did not confirm it');
  });
});

describe('OCR-3 what the engine reads badly', () => {
  it('is told with its confidence', () => {
    expect(unreadOf({ words: words('lorem ipsum', 0.2) })).toContain('a confidence of 20 % only');
    expect(unreadOf({ words: words('lorem ipsum', 0.9) })).toBeUndefined();
  });

  it('is read once more at half its size, and the better reading counts', async () => {
    const own = page('Issued by the office', { pictures: [[0.1, 0.3, 0.4, 0.7]] });
    const { engine, widths } = engineOf(words('l1l i', 0.3), words('riverbank', 0.95));
    const reading = await readPageWith(own, source, request, engine);
    expect(widths).toHaveLength(2);
    expect(widths[1]).toBeLessThan((widths[0] ?? 0) * 0.6);
    expect(reading.text).toContain('riverbank');
    const well = engineOf(words('riverbank', 0.95));
    expect((await readPageWith(own, source, request, well.engine)).text).toContain('riverbank');
    expect(well.widths, 'what reads well is read once').toHaveLength(1);
  });
});
