import { describe, expect, it } from 'vitest';
import { encodingOf, ENCODINGS, type Encoding } from '../../../contracts/imports/encodings.ts';
import { textDecoderOf } from '../../../services/imports/reading/encoding.ts';
import { encode } from '../../support/files/encode.ts';
import { readTable } from '../../support/read-table.ts';

/** Words of each encoding, as a table of names and places. */
const WORDS: Readonly<Record<Exclude<Encoding, 'iso-8859-16' | 'x-user-defined'>, string>> = {
  'utf-8': 'Zoë 日本 🎉',
  'utf-16le': 'Zoë 日本 🎉',
  'utf-16be': 'Zoë 日本 🎉',
  'windows-1252': 'Müller, Straße, Señor',
  latin1: 'Müller, Straße, Señor',
  ibm866: 'Иванов, Москва',
  'iso-8859-2': 'Wałęsa, Łódź, Dvořák',
  'iso-8859-3': 'ĉiuĵaŭde, Għawdex',
  'iso-8859-4': 'Čaks, Rīga, Õun',
  'iso-8859-5': 'Иванов, Москва',
  'iso-8859-6': 'محمد، القاهرة',
  'iso-8859-7': 'Παπαδόπουλος, Αθήνα',
  'iso-8859-8': 'ירושלים, כהן',
  'iso-8859-8-i': 'ירושלים, כהן',
  'iso-8859-10': 'Þórður, Sámi Ŋ',
  'iso-8859-13': 'Žemaitė, Šiauliai',
  'iso-8859-14': 'Ŵyn, Ŷ, Ḃaile',
  'iso-8859-15': 'Œuvre, 5 €',
  'koi8-r': 'Иванов, Москва',
  'koi8-u': 'Їжак, Київ, Євген',
  macintosh: 'Café, Müller, Señor',
  'windows-874': 'กรุงเทพ สมชาย',
  'windows-1250': 'Wałęsa, Łódź, Dvořák',
  'windows-1251': 'Иванов, Москва',
  'windows-1253': 'Παπαδόπουλος, Αθήνα',
  'windows-1254': 'Işık, Yıldız, Doğan',
  'windows-1255': 'ירושלים, כהן',
  'windows-1256': 'محمد، القاهرة',
  'windows-1257': 'Žemaitė, Rīga',
  'windows-1258': 'Đà, ơ, ư',
  'x-mac-cyrillic': 'Иванов, Москва',
  gbk: '北京市, 有限公司',
  gb18030: '北京市, 有限公司',
  big5: '臺北市, 有限公司',
  'euc-jp': '東京都, カタカナ',
  'iso-2022-jp': '東京都, カタカナ',
  shift_jis: '東京都, カタカナ, 表ソ能',
  'euc-kr': '서울시, 김철수',
};

const tableOf = (words: string): string => `id;words\n1;${words}\n2;plain\n`;

describe('IMPORT-3 text in every encoding of the WHATWG Encoding Standard', () => {
  it.each(Object.entries(WORDS))('is read when the caller names it: %s', async (encoding, words) => {
    const table = await readTable(encode(tableOf(words), encoding as Encoding), { encoding });
    expect(table.rows).toEqual([
      { id: '1', words },
      { id: '2', words: 'plain' },
    ]);
    expect(table.rejects).toEqual([]);
    expect(table.layout.encoding).toBe(encoding);
  });

  it('includes those that the decoder of Node.js lacks or reads wrongly', () => {
    const read = (encoding: Encoding, ...bytes: readonly number[]): string =>
      textDecoderOf(encoding, true).decode(Buffer.from(bytes));
    expect(read('iso-8859-16', 0x41, 0xaa, 0xba, 0xde, 0xfe, 0xa4)).toBe('AȘșȚț€');
    expect(read('x-user-defined', 0x41, 0x80, 0xff)).toBe('A\uf780\uf7ff');
    expect(read('windows-1252', 0x80, 0x99, 0xfc)).toBe('€™ü');
    expect(read('latin1', 0x80, 0xfc)).toBe('\u0080ü');
  });

  it.each([
    ['Shift-JIS', 'shift_jis'],
    ['sjis', 'shift_jis'],
    ['cp1251', 'windows-1251'],
    ['LATIN2', 'iso-8859-2'],
    ['iso-8859-1', 'windows-1252'],
    ['ISO-8859-16', 'iso-8859-16'],
    ['gb2312', 'gbk'],
    ['utf8', 'utf-8'],
    ['utf-16', 'utf-16le'],
    ['csISO2022JP', 'iso-2022-jp'],
    ['klingon', undefined],
    ['replacement', undefined],
    ['', undefined],
  ])('by any of its labels: %s', (label, encoding) => {
    expect(encodingOf(label)).toBe(encoding);
  });

  it('names all of them', () => {
    expect(ENCODINGS.filter((encoding) => encodingOf(encoding) !== encoding)).toEqual([]);
    expect(ENCODINGS).toHaveLength(40);
  });
});

describe('IMPORT-3 the encoding is detected where the words show it', () => {
  const samples: readonly (readonly [Encoding, readonly string[]])[] = [
    ['windows-1252', ['Müller GmbH']],
    ['windows-1252', ['François', 'Søren Kjær', 'Müller', 'Nuñez', 'São Paulo', 'Åström']],
    ['windows-1252', ['5 €', '20 °C', '“quoted” – and more…']],
    ['windows-1252', ['Þórður Sigurðsson', 'Ásgeir', 'Kristín Ævarsdóttir', 'Jón Ýmir']],
    ['windows-1252', ['ÄRZTEKAMMER', 'STRAßE', 'ÉCOLE']],
    ['windows-1250', ['Lech Wałęsa', 'Łódź', 'Gdańsk', 'Świętokrzyskie']],
    ['windows-1250', ['Antonín Dvořák', 'Plzeň', 'Žižkov', 'Český Krumlov']],
    ['windows-1250', ['Győr', 'Erdős', 'Székesfehérvár', 'Fűtő']],
    ['iso-8859-2', ['Łódź', 'Świętokrzyskie', 'Wąsik', 'Ząbki', 'Śląsk']],
    ['windows-1254', ['Işık', 'Yıldız', 'Doğan', 'Gümüş', 'İstanbul', 'Çağlar']],
    ['windows-1257', ['Žemaitė', 'Šiauliai', 'Kęstutis', 'Jūratė', 'Ąžuolas', 'Vytė']],
    ['macintosh', ['Café', 'Müller', 'Señor', 'École normale supérieure', 'Zürich']],
    ['windows-1251', ['Иванов Иван', 'Москва', 'Петрова Анна', 'улица Ленина']],
    ['koi8-u', ['Иванов Иван', 'Москва', 'Петрова Анна', 'улица Ленина']],
    ['ibm866', ['Иванов Иван', 'Москва', 'Петрова Анна', 'улица Ленина']],
    ['iso-8859-5', ['Иванов Иван', 'Москва', 'Петрова Анна', 'улица Ленина']],
    ['windows-1253', ['Παπαδόπουλος', 'Αθήνα', 'Θεσσαλονίκη', 'Ιωάννης']],
    ['windows-1255', ['ירושלים', 'כהן', 'תל אביב', 'משה לוי']],
    ['windows-1256', ['محمد', 'القاهرة', 'الرياض', 'عبد الله']],
    ['windows-874', ['กรุงเทพ', 'สมชาย', 'เชียงใหม่', 'ประเทศไทย']],
    ['gb18030', ['北京市海淀区', '王小明', '上海有限公司', '金额']],
    ['big5', ['臺北市', '王小明', '股份有限公司', '金額']],
    ['euc-jp', ['東京都', '山田太郎', '株式会社', 'カタカナ']],
    ['shift_jis', ['東京都', '山田太郎', '株式会社', 'カタカナ']],
    ['iso-2022-jp', ['東京都', '山田太郎', '株式会社']],
    ['euc-kr', ['서울특별시', '김철수', '주식회사', '부산광역시']],
    ['utf-16le', ['Иванов', 'Москва']],
    ['utf-16be', ['東京都', '山田太郎']],
    ['utf-16le', ['plain']],
  ];

  it.each(samples)('%s: %j', async (encoding, words) => {
    const table = await readTable(encode(`id;words\n${words.map((word, at) => `${at};${word}\n`).join('')}`, encoding));
    expect(table.rows.map((row) => row['words'])).toEqual(words);
    expect(table.rejects).toEqual([]);
    expect(table.layout.encoding).toBe(encoding);
  });

  it.each(samples.filter(([encoding]) => !encoding.startsWith('utf-16')))(
    'also when only the end of a large file shows it, %s: %j',
    async (encoding, words) => {
      const plain = Array.from({ length: 30_000 }, (_, at) => `${at};plain text\n`).join('');
      const table = await readTable(
        encode(`id;words\n${plain}${words.map((word) => `x;${word}\n`).join('')}`, encoding),
      );
      if (encoding !== 'iso-2022-jp') expect(table.rows.slice(30_000).map((row) => row['words'])).toEqual(words);
    },
  );

  it('bytes that fit no words are refused, with what to do', async () => {
    const line = (at: number): Buffer =>
      Buffer.from([0x31, 0x3b, ...[7, 31, 59, 97].map((step) => 0x80 + ((at * step) % 0x80)), 0x0a]);
    const noise = Buffer.concat([Buffer.from('id;words\n'), ...Array.from({ length: 60 }, (_, at) => line(at))]);
    await expect(readTable(noise)).rejects.toMatchObject({
      type: 'ImportUnreadable',
      message: expect.stringContaining('Name the encoding') as string,
    });
  });

  it('bytes that are invalid in the encoding that the caller names are refused', async () => {
    await expect(
      readTable(Buffer.from([0x61, 0x3b, 0x62, 0x0a, 0x81, 0x0a]), { encoding: 'shift_jis' }),
    ).rejects.toThrow(/expected text in shift_jis/i);
  });

  it('a byte order mark is surer than the caller', async () => {
    expect((await readTable('\ufeffid;words\n1;Zoë\n', { encoding: 'windows-1252' })).rows).toEqual([
      { id: '1', words: 'Zoë' },
    ]);
  });

  it('a header in another encoding is found by its names', async () => {
    const table = await readTable(encode('номер;имя\n1;Анна\n2;Иван\n', 'windows-1251'), { map: { имя: 'name' } });
    expect(table.rows[0]).toEqual({ номер: '1', name: 'Анна' });
  });
});
