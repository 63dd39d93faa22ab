import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportInput, ImportResult } from '../../../contracts/imports/schema.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { workbook, zip } from '../../support/files/workbook.ts';

let database: TestDatabase;
let world: ImportWorld;
beforeAll(async () => {
  database = await testDatabase();
  world = await importWorld(database.db, { maxRecordBytes: 20_000, maxFileBytes: 40 * 1024 * 1024 });
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

const HEAD = 'id,email,name,time_zone\n';
const row = (id: string, name = 'Ann'): string => `${id},${id}@example.com,${name},UTC\n`;

async function importBytes(content: string | Uint8Array, options: Partial<ImportInput> = {}): Promise<ImportResult> {
  return world.importAll({ source: await world.upload(content), schema: 'users', ...options });
}

async function namesOf(ids: readonly string[]): Promise<Record<string, string>> {
  const { rows } = await database.db.query<{ id: string; name: string }>(
    'select id, name from users where id = any($1)',
    [ids],
  );
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}

async function rejectsOf(result: ImportResult): Promise<string[]> {
  if (result.rejects === undefined) return [];
  const parts: Buffer[] = [];
  for await (const part of await world.blobs.open(result.rejects)) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8').trimEnd().split('\n').slice(1);
}

/** Fails as said, saves nothing and leaves nothing behind. */
async function refuses(
  content: string | Uint8Array,
  type: string,
  message: RegExp,
  options: Partial<ImportInput> = {},
): Promise<void> {
  const before = await database.db.query('select count(*) from users');
  const error: unknown = await importBytes(content, options).then(
    () => undefined,
    (rejection: unknown) => rejection,
  );
  expect(error).toMatchObject({ type, nonRetryable: true });
  expect((error as Error).message).toMatch(message);
  expect((await database.db.query('select count(*) from users')).rows).toEqual(before.rows);
  expect(await world.leftovers()).toEqual([]);
}

describe('a file that cannot be imported as a whole is a permanent failure that says why', () => {
  it('an empty file, and one with nothing but a byte order mark', async () => {
    await refuses('', 'EmptyFile', /got an empty file/);
    await refuses('\ufeff', 'EmptyFile', /got an empty file/);
    await refuses('\n\n  \n', 'EmptyFile', /got an empty file/);
  });

  it('missing columns, and columns that come twice', async () => {
    await refuses('id,mail\n1,a@example.com\n', 'ImportColumns', /expected the columns email, got 'id', 'mail'/);
    await refuses('id,email,ID\n1,a@example.com,2\n', 'ImportColumns', /expected each column once, got 'id' twice/);
  });

  it('a million columns', async () => {
    await refuses('c,'.repeat(9_000), 'ImportColumns', /expected at most 1000 columns, got 9001/);
    await refuses(`${'c,'.repeat(1_000_000)}\n`, 'ImportTooLarge', /line 1: expected a record of at most 20000 bytes/);
  });

  it('a line that never ends', async () => {
    await refuses(
      HEAD + row('a') + 'x'.repeat(30_000),
      'ImportTooLarge',
      /line 3: expected a record of at most 20000 bytes/,
    );
  });

  it('a quote that is never closed, in the middle of a large file', async () => {
    const rows = Array.from({ length: 2_000 }, (_, n) => row(`q${n}`)).join('');
    await refuses(
      `${HEAD}q,"q@example.com,Ann,UTC\n${rows}`,
      'ImportTooLarge',
      /line 2: .*Check for a quote that is not closed/,
    );
  });

  it('a schema that does not exist', async () => {
    await refuses(HEAD, 'ImportSchemaUnknown', /expected one of records, users, documents, invoices, got 'people'/, {
      schema: 'people',
    });
  });

  it('another checksum than was expected', async () => {
    await refuses(HEAD + row('a'), 'ChecksumMismatch', /sha256: expected 0{64}, got [0-9a-f]{64}/, {
      sha256: '0'.repeat(64),
    });
  });

  it('a file above the limit', async () => {
    const small = await importWorld(database.db, { maxFileBytes: 1000 });
    const path = `${small.folder}/large.csv`;
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path, HEAD + row('a').repeat(100));
    await expect(small.importAll({ source: { path }, schema: 'users' })).rejects.toMatchObject({
      type: 'ImportTooLarge',
    });
    expect(await small.leftovers()).toEqual([]);
    await small.close();
  });

  it('a picture, a PDF, a compressed file or an old workbook in place of CSV', async () => {
    await refuses(Buffer.from('%PDF-1.7\n'), 'ImportUnreadable', /found a PDF/);
    await refuses(Buffer.from([0x1f, 0x8b, 8, 0]), 'ImportUnreadable', /compressed file/);
    await refuses(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1]), 'ImportUnreadable', /Excel before 2007/);
  });
});

describe('what is wrong with single records is counted, and the others are saved', () => {
  it('quotes that are not closed spoil their own line only', async () => {
    const result = await importBytes(
      `${HEAD}${row('g1')}b1,"b1@example.com,Ann,UTC\n${row('g2')}b2,b2@example.com,"An"n,UTC\n${row('g3')}`,
    );
    expect(result).toMatchObject({ read: 5, saved: 3, rejected: 2 });
    expect((await rejectsOf(result)).map((line) => line.split(',')[0])).toEqual(['3', '5']);
  });

  it('a line end inside quotes is text, and the lines behind it keep their numbers', async () => {
    const result = await importBytes(`${HEAD}${row('m1', '"two\nlines"')}bad,no,address,UTC\n`);
    expect(result).toMatchObject({ saved: 1, rejected: 1 });
    expect(await namesOf(['m1'])).toEqual({ m1: 'two\nlines' });
    expect((await rejectsOf(result))[0]).toMatch(/^4,email/);
  });

  it('NUL characters', async () => {
    const result = await importBytes(`${HEAD}${row('n1', 'A\u0000B')}${row('n2')}`);
    expect(result).toMatchObject({ saved: 1, rejected: 1 });
    expect((await rejectsOf(result))[0]).toMatch(/^2,name,.*NUL character/);
  });

  it('formulas stay text, and are disarmed in the rejects file', async () => {
    const result = await importBytes(`${HEAD}${row('f1', '=HYPERLINK("x")')}=cmd,no address,x,UTC\n`);
    expect(await namesOf(['f1'])).toEqual({ f1: '=HYPERLINK("x")' });
    expect((await rejectsOf(result)).join('\n')).not.toMatch(/(^|,)[=+@]/m);
    const records = await importBytes('a,b\n=1+1,@x\n', { schema: 'records', dataset: 'formulas' });
    expect(records).toMatchObject({ saved: 1 });
  });
});

describe('encodings', () => {
  const text = `${HEAD}${row('e1', 'Zoë Müller')}${row('e2', '日本語')}`;
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');

  it('UTF-8 with and without a byte order mark', async () => {
    expect(await importBytes(`\ufeff${text}`)).toMatchObject({
      saved: 2,
      layout: { encoding: 'utf-8', header: ['id', 'email', 'name', 'time_zone'] },
    });
    expect(await namesOf(['e1', 'e2'])).toEqual({ e1: 'Zoë Müller', e2: '日本語' });
  });

  it('UTF-16 of either order, with a mark or without one', async () => {
    for (const [index, bytes] of [utf16, Buffer.from(utf16).swap16(), utf16.subarray(2)].entries()) {
      const result = await importBytes(Buffer.from(bytes), { onConflict: 'update' });
      expect([index, result.saved, result.rejected]).toEqual([index, 2, 0]);
      expect(await namesOf(['e1', 'e2'])).toEqual({ e1: 'Zoë Müller', e2: '日本語' });
    }
    expect(await world.leftovers()).toEqual([]);
  });

  it('Windows-1252, seen from the bytes, and Latin-1, told by the caller', async () => {
    const western = Buffer.from(`${HEAD}${row('w1', 'Zo\u00eb \u0080')}`, 'latin1');
    expect(await importBytes(western)).toMatchObject({ saved: 1, layout: { encoding: 'windows-1252' } });
    expect(await namesOf(['w1'])).toEqual({ w1: 'Zoë €' });
    expect(await importBytes(western, { encoding: 'latin1' })).toMatchObject({ saved: 1 });
    expect(await namesOf(['w1'])).toEqual({ w1: 'Zoë \u0080' });
  });

  it('mixed ones are reported: lines that are no UTF-8 are rejected one by one', async () => {
    const mixed = Buffer.concat([
      Buffer.from(text),
      Buffer.from(row('x1', 'Zo\u00eb'), 'latin1'),
      Buffer.from(row('x2')),
    ]);
    const result = await importBytes(mixed);
    expect(result).toMatchObject({ saved: 3, rejected: 1, layout: { mixedEncoding: true } });
    expect(await rejectsOf(result)).toEqual([expect.stringMatching(/^4,name,.*expected UTF-8, got invalid bytes/)]);
  });

  it('the wrong one, named by the caller, is a permanent failure', async () => {
    await refuses(Buffer.from([0x61, 0xd8, 0x00, 0x61, 0x00]), 'ImportUnreadable', /expected text in utf-16le/i, {
      encoding: 'utf-16le',
    });
  });

  it('lines that end as on old Macs and on Windows, and any delimiter', async () => {
    expect(await importBytes(text.replaceAll('\n', '\r'))).toMatchObject({ saved: 2 });
    expect(await importBytes(text.replaceAll('\n', '\r\n'))).toMatchObject({ saved: 2 });
    for (const delimiter of [';', '\t', '|'])
      expect(await importBytes(text.replaceAll(',', delimiter))).toMatchObject({ saved: 2, layout: { delimiter } });
    expect(await importBytes(text.replaceAll(',', '~'), { delimiter: '~' })).toMatchObject({ saved: 2 });
    expect(await namesOf(['e1', 'e2'])).toEqual({ e1: 'Zoë Müller', e2: '日本語' });
  });
});

describe('workbooks', () => {
  it('are read row by row: shared and inline text, numbers, truth and dates', async () => {
    const book = workbook([
      ['number', 'issuer', 'date', 'currency', 'total', 'paid'],
      ['A-1', 'Müller & Söhne <GmbH>', { date: 46053 }, 'EUR', 12.5, true],
      [],
      ['A-2', '=1+1', { date: 46054 }, 'USD', 0.1 + 0.2, false],
      ['A-3', 'no date', 'yesterday', 'USD', 1, false],
    ]);
    const result = await importBytes(book, { schema: 'invoices', dataset: 'from-xlsx' });
    expect(result).toMatchObject({ saved: 2, rejected: 1, layout: { format: 'xlsx' } });
    expect(await rejectsOf(result)).toEqual([expect.stringMatching(/^5,date,/)]);
    const { rows } = await database.db.query(`select data from records where dataset = 'from-xlsx' order by key`);
    expect(rows).toEqual([
      {
        data: {
          number: 'A-1',
          issuer: 'Müller & Söhne <GmbH>',
          date: '2026-01-31',
          currency: 'EUR',
          total: '12.5',
          lines: null,
          paid: true,
        },
      },
      {
        data: {
          number: 'A-2',
          issuer: '=1+1',
          date: '2026-02-01',
          currency: 'USD',
          total: '0.3',
          lines: null,
          paid: false,
        },
      },
    ]);
    expect(await world.leftovers()).toEqual([]);
  });

  it('a zip bomb is refused as poison before it unpacks, also when it lies about its size', async () => {
    const zeros = Buffer.alloc(30 * 1024 * 1024);
    const bomb = zip([
      { name: 'xl/workbook.xml', data: '<workbook/>' },
      { name: 'xl/worksheets/sheet1.xml', data: zeros },
    ]);
    await refuses(bomb, 'ArchiveBomb', /times larger than packed/);
    const packed = deflateRawSync(zeros);
    const liar = zip([{ name: 'xl/workbook.xml', data: Buffer.alloc(0), packed, size: 100 }]);
    await refuses(liar, 'ImportUnreadable', /damaged part/);
  });

  it('what is no workbook inside is refused: no sheet, another document, entities', async () => {
    await refuses(zip([{ name: 'word/document.xml', data: '<w/>' }]), 'ImportUnreadable', /archive without a workbook/);
    await refuses(workbook([['id']]).subarray(0, 300), 'ImportUnreadable', /damaged archive/);
    const entities = '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>';
    await refuses(
      zip([{ name: 'xl/workbook.xml', data: entities }]),
      'ImportUnreadable',
      /document type declaration|damaged part/,
    );
    await refuses(workbook([['id']]), 'ImportUnreadable', /sheet: expected one of 'Sheet1', got 'Prices'/, {
      sheet: 'Prices',
    });
  });
});
