import { describe, expect, it } from 'vitest';
import type { Encoding } from '../../../contracts/imports/encodings.ts';
import { detectEncoding } from '../../../services/imports/reading/detection.ts';
import { textDecoderOf } from '../../../services/imports/reading/encoding.ts';
import { encode } from '../../support/files/encode.ts';
import { readTable } from '../../support/read-table.ts';

/** Locales of languages, and the encodings in which their files are found. */
const LANGUAGES: readonly (readonly [locale: string, ...encodings: readonly Encoding[]])[] = [
  ['de', 'windows-1252', 'macintosh'],
  ['fr', 'windows-1252', 'macintosh'],
  ['es', 'windows-1252', 'macintosh'],
  ['pt', 'windows-1252'],
  ['it', 'windows-1252'],
  ['nl', 'windows-1252'],
  ['sv', 'windows-1252'],
  ['da', 'windows-1252'],
  ['nb', 'windows-1252'],
  ['fi', 'windows-1252'],
  ['is', 'windows-1252'],
  ['pl', 'windows-1250', 'iso-8859-2'],
  ['cs', 'windows-1250', 'iso-8859-2'],
  ['sk', 'windows-1250'],
  ['hu', 'windows-1250', 'iso-8859-2'],
  ['ro', 'windows-1250'],
  ['hr', 'windows-1250'],
  ['tr', 'windows-1254'],
  ['lt', 'windows-1257'],
  ['lv', 'windows-1257'],
  ['ru', 'windows-1251', 'koi8-u', 'ibm866'],
  ['uk', 'windows-1251', 'koi8-u'],
  ['bg', 'windows-1251'],
  ['el', 'windows-1253'],
  ['he', 'windows-1255'],
  ['ar', 'windows-1256'],
  ['th', 'windows-874'],
  ['ja', 'shift_jis', 'euc-jp'],
  ['zh', 'gb18030'],
  ['zh-Hant', 'big5'],
  ['ko', 'euc-kr'],
];

/** Names of currencies in a language that are beyond ASCII and can be written in an encoding. */
function namesOf(locale: string, encoding: Encoding): readonly string[] {
  const currencies = new Intl.DisplayNames([locale], { type: 'currency', fallback: 'none' });
  const names = Intl.supportedValuesOf('currency')
    .map((code) => (currencies.of(code) ?? '').normalize('NFC').replaceAll('ș', 'ş').replaceAll('ț', 'ţ'))
    .filter((name) => /[^\u0000-\u007f]/.test(name) && !/\u2019/.test(name));
  return [...new Set(names)].filter((name) => isWritable(name, encoding));
}

function isWritable(text: string, encoding: Encoding): boolean {
  try {
    encode(text, encoding);
    return true;
  } catch {
    return false;
  }
}

interface Counts {
  right: number;
  refused: number;
  wrong: string[];
}

/** Detects the encoding of groups of names, at most some of them. */
function detected(names: readonly string[], encoding: Encoding, size: number, most: number): Counts {
  const counts: Counts = { right: 0, refused: 0, wrong: [] };
  for (let from = 0, n = 0; from + size <= names.length && n < most; from += size, n += 1) {
    const bytes = encode(
      names
        .slice(from, from + size)
        .map((name) => `1;${name}\n`)
        .join(''),
      encoding,
    );
    const found = detectEncoding(bytes).encoding;
    if (found === undefined) counts.refused += 1;
    else if (textIn(bytes, found) === textIn(bytes, encoding)) counts.right += 1;
    else counts.wrong.push(`${textIn(bytes, encoding)} as ${found}: ${textIn(bytes, found)}`);
  }
  return counts;
}

const textIn = (bytes: Buffer, encoding: Encoding): string => textDecoderOf(encoding, false).decode(bytes);

const table = LANGUAGES.flatMap(([locale, ...encodings]) => encodings.map((encoding) => [locale, encoding] as const));

describe('IMPORT-3 an encoding is told by words, or left open', () => {
  it.each(table)('never wrongly, and all names together show it: %s in %s', (locale, encoding) => {
    const names = namesOf(locale, encoding);
    expect(names.length).toBeGreaterThan(3);
    for (const size of [1, 3, 10]) expect(detected(names, encoding, size, 4).wrong).toEqual([]);
    expect(detected(names.slice(0, 60), encoding, Math.min(60, names.length), 1).right).toBe(1);
  });

  it.each([
    ['a German word', ['Müller'], 0.9],
    ['any German name', namesOf('de', 'windows-1252'), 0.9],
    ['any French name', namesOf('fr', 'windows-1252'), 0.8],
    ['any Swedish name', namesOf('sv', 'windows-1252'), 0.9],
    ['prices and quotes', ['5 €', '€', '20 °C', '“so”', 'don’t', 'l’été', 'Straße', 'café', 'José', 'Señor'], 1],
  ])('windows-1252 is read from one value without being named: %s', (_title, names, least) => {
    const { right, wrong } = detected(names, 'windows-1252', 1, 20);
    expect(wrong).toEqual([]);
    expect(right / Math.min(20, names.length)).toBeGreaterThanOrEqual(least);
  });

  it.each<readonly [string, Encoding]>([
    ['Győr', 'windows-1250'],
    ['Iaşi', 'windows-1250'],
    ['İğdır', 'windows-1254'],
    ['Šiauliai', 'windows-1257'],
    ['été', 'macintosh'],
    ['חיפה', 'windows-1255'],
    ['鲜', 'gb18030'],
    ['鮪', 'shift_jis'],
    ['鮪', 'euc-jp'],
    ['榴莲', 'gb18030'],
  ])('a single value is read as it is or refused with the candidates: %s in %s', async (word, encoding) => {
    const bytes = encode(`id;words\n1;${word}\n`, encoding);
    const outcome = await readTable(bytes).then(({ rows }) => rows[0]?.['words'], String);
    if (outcome !== word) expect(outcome).toMatch(/reads? as .*Name the encoding \(--encoding NAME\)/);
    expect((await readTable(bytes, { encoding })).rows[0]).toEqual({ id: '1', words: word });
  });

  it.each<readonly [Encoding, readonly string[]]>([
    ['euc-jp', ['鮪', '鰹', '鯖', '鱈', '鰻']],
    ['gb18030', ['榴莲', '龙虾', '鲍鱼', '蟠桃', '荔枝', '樱桃', '螃蟹', '鲜榨豆浆']],
  ])('rare words are read as they are or refused: %s %j', async (encoding, words) => {
    const bytes = encode(`id;words\n${words.map((word, at) => `${at};${word}\n`).join('')}`, encoding);
    const outcome = await readTable(bytes).then(({ rows }) => rows.map((row) => row['words']), String);
    if (typeof outcome === 'string') expect(outcome).toMatch(/Name the encoding/);
    else expect(outcome).toEqual(words);
  });
});

describe('IMPORT-3 UTF-8 with a broken byte stays UTF-8', () => {
  const broken = (text: string): Buffer => {
    const [before = '', behind = ''] = text.split('#');
    return Buffer.concat([Buffer.from(before), Buffer.from([0xc3]), Buffer.from(behind)]);
  };

  it.each([
    ['the only line beyond ASCII', 'id;name\n1;Zoë M#ller\n', '2 name: expected UTF-8, got invalid bytes'],
    ['among others', 'id;name\n1;Zoë\n2;M#ller\n3;François\n', '3 name: expected UTF-8, got invalid bytes'],
    ['in Greek', 'id;name\n1;Αθήνα#\n', '2 name: expected UTF-8, got invalid bytes'],
    ['in Chinese', 'id;name\n1;北京市#\n', '2 name: expected UTF-8, got invalid bytes'],
  ])('and rejects the line by its place: %s', async (_title, text, reason) => {
    const { layout, rejects } = await readTable(broken(text));
    expect(rejects).toEqual([reason]);
    expect(layout).toMatchObject({ encoding: 'utf-8', mixedEncoding: true });
  });

  it('and refuses a header by its place', async () => {
    await expect(readTable(broken('id;näm#e\n1;Zoë\n'))).rejects.toThrow(
      /line 1, column 2: expected the header in utf-8/,
    );
  });

  it('refuses a file most lines of which are no UTF-8, with both encodings', async () => {
    const lines = Array.from({ length: 9 }, (_, at) => encode(`${at};Müller, Straße\n`, 'windows-1252'));
    const mixture = Buffer.concat([Buffer.from('id;name\nx;Zoë Müller\n'), ...lines]);
    await expect(readTable(mixture)).rejects.toThrow(/reads as windows-1252, or as utf-8. Name the encoding/);
  });
});

describe('IMPORT-3 the layout says what the encoding was told by', () => {
  it.each([
    ['caller', encode('id;a\n1;ü\n', 'windows-1252'), 'windows-1252'],
    ['mark', Buffer.from('\ufeffid;a\n1;ü\n'), undefined],
    ['bytes', Buffer.from('id;a\n1;ü\n'), undefined],
    ['bytes', Buffer.from('id;a\n1;ü\n', 'utf16le'), undefined],
    ['words', encode('id;a\n1;Müller\n', 'windows-1252'), undefined],
    ['words', encode('id;a\n1;Москва\n2;Иванов\n', 'windows-1251'), undefined],
  ] as const)('%s', async (from, bytes, encoding) => {
    const { layout } = await readTable(bytes, encoding === undefined ? {} : { encoding });
    expect(layout.encodingFrom).toBe(from);
  });
});
