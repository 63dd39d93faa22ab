import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addGlyphlessFont } from '../../../services/ocr/searchable/glyphless-font.ts';
import { pageSize, textLayer } from '../../../services/ocr/searchable/text-layer.ts';
import { reading } from '../../support/fakes/documents.ts';

const hex = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('hex');
const a4 = { width: 595.2, height: 841.92 };

describe('the size of a page', () => {
  test('is that of the paper for 300 dpi', () => {
    expect(pageSize({ width: 2480, height: 3508, origin: 'ocr' })).toEqual(a4);
  });

  test('is taken as it is from a text layer', () => {
    expect(pageSize({ width: 595, height: 842, origin: 'text-layer' })).toEqual({ width: 595, height: 842 });
  });

  test('stays within what readers accept, in proportion', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500_000 }), fc.integer({ min: 1, max: 500_000 }), (width, height) => {
        const size = pageSize({ width, height, origin: 'ocr' });
        expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(14_400);
        expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(3);
      }),
    );
  });
});

describe('the text layer', () => {
  test('is invisible, one operator per word, from the lower left', () => {
    const word = { text: 'Hi', confidence: 1, box: [0.5, 0.25, 0.75, 0.5] as const, line: 0 };
    const layer = textLayer({ words: [word], text: 'Hi' }, { width: 100, height: 200 }, hex);
    // 50 points high; two characters of half that width are stretched to 25 points.
    expect(layer).toBe(`BT\n3 Tr\n/Invisible 50 Tf 50 Tz 1 0 0 1 50 100 Tm <${hex('Hi ')}> Tj\nET`);
  });

  test('aligns the words of a line', () => {
    const words = [
      { text: 'ace', confidence: 1, box: [0.1, 0.12, 0.2, 0.14] as const, line: 0 },
      { text: 'Ag', confidence: 1, box: [0.3, 0.1, 0.4, 0.16] as const, line: 0 },
    ];
    const layer = textLayer({ words, text: '' }, { width: 100, height: 100 }, hex);
    expect(layer.match(/\/Invisible 6 Tf/g)).toHaveLength(2);
    expect(layer.match(/ 84 Tm/g)).toHaveLength(2);
  });

  test('spreads text without places over the page', () => {
    const layer = textLayer({ words: [], text: 'one\n\ntwo' }, a4, hex);
    expect(layer).toContain(hex('one '));
    expect(layer).toContain(hex('two '));
  });

  test('of a page without text is nothing', () => {
    expect(textLayer({ words: [], text: ' \n ' }, a4, hex)).toBe('');
  });

  test('never holds anything but numbers, names and hexadecimal, whatever was read', () => {
    const word = fc.record({
      text: fc.string({ unit: 'binary' }),
      confidence: fc.constant(1),
      box: fc.tuple(
        fc.double({ noNaN: true }),
        fc.double({ noNaN: true }),
        fc.double({ noNaN: true }),
        fc.double({ noNaN: true }),
      ),
      line: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const font = addGlyphlessFont(
          { ref: () => ({ end: () => undefined }) },
          words.map(({ text }) => text),
        );
        const layer = textLayer({ ...reading(0), words }, a4, font.encode);
        expect(layer.replaceAll('/Invisible', '')).toMatch(/^[-BETfTrTzTmTj0-9a-f.<>\s]*$/);
        expect(layer).not.toContain('e+');
      }),
    );
  });
});

describe('the font', () => {
  test('borrows codes for characters beyond the first 65,536, and none for broken pairs', () => {
    const written: string[] = [];
    const font = addGlyphlessFont({ ref: () => ({ end: (content) => void written.push(String(content)) }) }, [
      'a𠮷b🙂𠮷',
    ]);
    expect(font.encode('a𠮷b🙂')).toBe('0061d8000062d801');
    expect(font.encode('\ud800')).toBe('fffd');
    expect(font.encode('🙃')).toBe('fffd');
    expect(written.join('')).toContain('<d800> <d842dfb7>');
  });
});
