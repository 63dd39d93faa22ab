import { describe, expect, it } from 'vitest';
import { languagesOf } from '../../../services/ocr/engine.ts';
import { parseTsv } from '../../../services/ocr/tsv.ts';

const row = (
  level: number,
  block: number,
  paragraph: number,
  line: number,
  word: number,
  box: string,
  confidence: number,
  text = '',
): string => [level, 1, block, paragraph, line, word, ...box.split(' '), confidence, text].join('\t');

const TSV = [
  'level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext',
  row(1, 0, 0, 0, 0, '0 0 200 100', -1),
  row(2, 1, 0, 0, 0, '10 10 100 40', -1),
  row(5, 1, 1, 1, 1, '20 10 40 10', 90, 'Dear'),
  row(5, 1, 1, 1, 2, '70 10 40 10', 80, 'reader,'),
  row(5, 1, 1, 2, 1, '20 30 40 10', 100, 'welcome'),
  row(5, 1, 2, 1, 1, '20 50 40 10', 70, 'Yours'),
  row(5, 2, 1, 1, 1, '20 70 40 10', 95, ' '),
  row(5, 2, 1, 1, 2, '20 70 40 10', 60, 'Ada'),
  '',
].join('\n');

describe('OCR-3 result has text and confidence: TSV', () => {
  it('becomes lines, paragraphs and blocks of text', () => {
    expect(parseTsv(TSV, 'eng').text).toBe('Dear reader,\nwelcome\n\nYours\n\nAda');
  });

  it('becomes words with boxes as fractions of the page', () => {
    const { words, width, height } = parseTsv(TSV, 'eng');
    expect([width, height]).toEqual([200, 100]);
    expect(words[1]).toEqual({ text: 'reader,', confidence: 0.8, box: [0.35, 0.1, 0.55, 0.2], line: 0 });
    expect(words.map((word) => word.line)).toEqual([0, 0, 1, 2, 3]);
  });

  it('yields the mean confidence of the words', () => {
    expect(parseTsv(TSV, 'eng').confidence).toBeCloseTo(0.8, 5);
  });

  it('of an empty page holds nothing', () => {
    expect(parseTsv(row(1, 0, 0, 0, 0, '0 0 50 60', -1), 'eng')).toEqual({
      width: 50,
      height: 60,
      text: '',
      words: [],
      language: 'eng',
      confidence: 0,
    });
  });
});

describe('a language', () => {
  it('may be several', () => {
    expect(languagesOf('eng+deu')).toEqual(['eng', 'deu']);
  });

  it.each(['', '../etc', '-c', 'eng;ls', 'eng+', 'a/b/c'])('never is %j', (language) => {
    expect(() => languagesOf(language)).toThrow(expect.objectContaining({ type: 'LanguageDataMissing' }));
  });
});
