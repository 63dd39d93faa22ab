import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportResult } from '../../../contracts/imports/schema.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let database: TestDatabase;
let world: ImportWorld;
beforeAll(async () => {
  database = await testDatabase();
  // Small ranges and batches: many of each even for a small file.
  world = await importWorld(database.db, { rangeBytes: 2_000, batchRecords: 7 });
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

const users = (from: number, to: number): string =>
  Array.from(
    { length: to - from },
    (_, n) => `u${from + n},u${from + n}@example.com,"Name, ${from + n}",Europe/Berlin\n`,
  ).join('');
const HEAD = 'id,email,name,time_zone\n';

async function count(sql: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await database.db.query<{ n: number }>(`select count(*)::int as n from ${sql}`, values);
  return rows[0]?.n ?? -1;
}

async function rejectsOf(result: ImportResult): Promise<string> {
  if (result.rejects === undefined) return '';
  const parts: Buffer[] = [];
  for await (const part of await world.blobs.open(result.rejects)) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

describe('IMPORT-1 a whole import', () => {
  it('IMPORT-5 saves every row of a file once, in many ranges and batches, and says how many', async () => {
    const result = await world.importAll({ source: await world.upload(HEAD + users(0, 1000)), schema: 'users' });
    expect(result).toMatchObject({ status: 'complete', read: 1000, saved: 1000, rejected: 0, skipped: 0 });
    expect(await count(`users where id like 'u%'`)).toBe(1000);
    const { rows } = await database.db.query(`select email, name, time_zone from users where id = 'u999'`);
    expect(rows).toEqual([{ email: 'u999@example.com', name: 'Name, 999', time_zone: 'Europe/Berlin' }]);
  });

  it('IMPORT-4 counts bad records and lists line, column, redacted value and reason; the good ones are saved', async () => {
    const bad = 'x1,not-an-address,A,UTC\n,x2@example.com,B,UTC\nx3,x3@example.com,C,Mars/Olympus\nx4,x4@example.com\n';
    const result = await world.importAll({
      source: await world.upload(HEAD + bad + users(2000, 2003)),
      schema: 'users',
    });
    expect(result).toMatchObject({ status: 'partial', read: 7, saved: 3, rejected: 4 });
    const lines = (await rejectsOf(result)).split('\n');
    expect(lines[0]).toBe('line,column,value,reason');
    expect(lines[1]).toBe('2,email,not… (14 characters),expected an e-mail address');
    expect(lines[2]).toBe('3,id,,"expected a value, got nothing"');
    expect(lines[3]).toMatch(/^4,time_zone,Mar… \(12 characters\),"?expected an IANA time zone such as Europe\/Berlin/);
    expect(lines[4]).toBe('5,,,"expected 4 columns, got 2"');
  });

  it('IMPORT-6 removes the temporary file after success and after failure, and passes the result through', async () => {
    await world.importAll({ source: await world.upload(HEAD + users(0, 3)), schema: 'users' });
    await expect(world.importAll({ source: await world.upload('wrong\n1\n'), schema: 'users' })).rejects.toMatchObject({
      type: 'ImportColumns',
    });
    expect(await world.leftovers()).toEqual([]);
    const result = { importId: 'i', status: 'empty', dryRun: false, read: 0, saved: 0, rejected: 0, skipped: 0 };
    expect(await world.run('cleanup', { importId: 'i', runId: randomUUID(), result })).toEqual({
      removed: true,
      result,
    });
  });

  it('a blob that belongs to something else survives the import that read it', async () => {
    const blob = await world.blobs.put('documents', Buffer.from(HEAD + users(0, 3)));
    await world.importAll({ source: { blob }, schema: 'users' });
    const content = await world.blobs.open(blob);
    content.resume();
    await expect(new Promise((done) => content.on('end', done))).resolves.toBeUndefined();
  });

  it('P3-18 a header alone is no success of nothing: the result says that it was empty', async () => {
    const result = await world.importAll({ source: await world.upload(HEAD), schema: 'users' });
    expect(result).toMatchObject({ status: 'empty', read: 0, saved: 0 });
  });

  it('a dry run reads and rejects everything and saves nothing', async () => {
    const source = await world.upload(`${HEAD}${users(5000, 5010)}bad,bad,bad,bad\n`);
    const result = await world.importAll({ source, schema: 'users', dryRun: true });
    expect(result).toMatchObject({ dryRun: true, read: 11, saved: 0, rejected: 1 });
    expect(await count(`users where id like 'u50%' and length(id) = 5`)).toBe(0);
  });
});

describe('what is there already', () => {
  it('is updated, or left alone where the caller says so; columns that the file lacks stay as they are', async () => {
    await world.importAll({
      source: await world.upload(`${HEAD}k1,old@example.com,Old,Asia/Tokyo\n`),
      schema: 'users',
    });
    const update = await world.importAll({
      source: await world.upload('id,email\nk1,new@example.com\n'),
      schema: 'users',
    });
    expect(update).toMatchObject({ saved: 1, skipped: 0 });
    const skip = await world.importAll({
      source: await world.upload('id,email\nk1,newer@example.com\nk2,k2@example.com\n'),
      schema: 'users',
      onConflict: 'skip',
    });
    expect(skip).toMatchObject({ saved: 1, skipped: 1 });
    const { rows } = await database.db.query(`select email, name, time_zone from users where id = 'k1'`);
    expect(rows).toEqual([{ email: 'new@example.com', name: 'Old', time_zone: 'Asia/Tokyo' }]);
  });

  it('of two lines with one key the first wins, in whatever order the ranges are saved', async () => {
    const rows = Array.from({ length: 600 }, (_, n) => `twice-${n % 300},n${n}@example.com\n`).join('');
    const result = await world.importAll({ source: await world.upload(`id,email\n${rows}`), schema: 'users' });
    expect(result).toMatchObject({ read: 600, saved: 300, skipped: 300 });
    const { rows: late } = await database.db.query(
      `select id from users where id like 'twice-%' and substr(email, 2, position('@' in email) - 2)::int >= 300`,
    );
    expect(late).toEqual([]);
  });
});

describe('records of any shape', () => {
  it('P3-16 go into a named dataset, told apart by a key or by their line', async () => {
    const csv = 'sku;price;note\nA-1;"1,50";"says ""hi"""\nA-2;2;=1+1\n';
    const keyed = await world.importAll({ source: await world.upload(csv), dataset: 'prices', key: 'sku' });
    expect(keyed).toMatchObject({ saved: 2, layout: { delimiter: ';', header: ['sku', 'price', 'note'] } });
    const { rows } = await database.db.query(`select key, data from records where dataset = 'prices' order by key`);
    expect(rows).toEqual([
      { key: 'A-1', data: { sku: 'A-1', price: '1,50', note: 'says "hi"' } },
      { key: 'A-2', data: { sku: 'A-2', price: '2', note: '=1+1' } },
    ]);
    await world.importAll({ source: await world.upload(csv), dataset: 'by-line' });
    const { rows: lines } = await database.db.query(`select key from records where dataset = 'by-line' order by key`);
    expect(lines).toEqual([{ key: '2' }, { key: '3' }]);
  });

  it('have typed values where a schema says so', async () => {
    const csv = 'Number,Issuer,Date,Currency,Total,Lines,Paid\n2026-1,ACME,2026-01-31,eur,12.50,3,yes\n';
    const result = await world.importAll({ source: await world.upload(csv), schema: 'invoices' });
    expect(result).toMatchObject({ saved: 1 });
    const { rows } = await database.db.query(`select key, data from records where dataset = 'invoices'`);
    const data = {
      number: '2026-1',
      issuer: 'ACME',
      date: '2026-01-31',
      currency: 'EUR',
      total: '12.50',
      lines: 3,
      paid: true,
    };
    expect(rows).toEqual([{ key: '2026-1', data }]);
  });
});

describe('repetition', () => {
  it('IDEM-4 every step may run twice, also after another attempt has saved a part', async () => {
    const runId = randomUUID();
    const id = { importId: `import-${runId}`, runId };
    const input = { source: await world.upload(HEAD + users(7000, 7400)), schema: 'users' };
    await world.run('download', { ...id, input });
    await world.run('download', { ...id, input });
    const { ranges } = await world.run<{ ranges: number }>('parse', id);
    expect(await world.run('parse', id)).toMatchObject({ ranges });
    expect(ranges).toBeGreaterThan(3);
    // Two attempts at the same range at once: one of them may be overtaken, and nothing is saved twice.
    for (let range = 0; range < ranges; range += 1) {
      const attempts = [world.run('save', { ...id, range }), world.run('save', { ...id, range })];
      const ends = await Promise.allSettled(attempts);
      const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as { type: string }] : []));
      expect(failed.every(({ type }) => type === 'ImportOvertaken')).toBe(true);
      await world.run('save', { ...id, range });
    }
    const result = await world.run<ImportResult>('finish', { ...id, status: 'finished' });
    expect(await world.run('finish', { ...id, status: 'finished' })).toEqual(result);
    expect(result).toMatchObject({ read: 400, saved: 400, rejected: 0, skipped: 0 });
    await world.run('cleanup', id);
    await world.run('cleanup', id);
    expect(await count(`users where id like 'u7___'`)).toBe(400);
  });
});

describe('IMPORT-6 two imports of equal uploads', () => {
  const begin = async (content: string) => {
    const [source, id] = [await world.upload(content), { importId: `import-${randomUUID()}`, runId: randomUUID() }];
    await world.run('download', { ...id, input: { source, schema: 'users' } });
    return { id, upload: source.blob, source };
  };
  type Begun = Awaited<ReturnType<typeof begin>>;
  const end = async ({ id, upload }: Begun, status: 'finished' | 'failed' | 'cancelled'): Promise<void> => {
    await world.run('finish', { ...id, status });
    await world.run('cleanup', status === 'failed' ? id : { ...id, upload });
  };
  const save = async ({ id }: Begun): Promise<void> => {
    const { ranges } = await world.run<{ ranges: number }>('parse', id);
    for (let range = 0; range < ranges; range += 1) await world.run('save', { ...id, range });
  };

  it.each(['finished', 'failed', 'cancelled'] as const)(
    'one that is %s leaves the file to the other, which removes it',
    async (status) => {
      const content = `${HEAD}${status}-1,${status}@example.com,N,UTC\n`;
      const [one, other] = [await begin(content), await begin(content)];
      await end(one, status);
      await save(other);
      expect(await count('users where id = $1', [`${status}-1`])).toBe(1);
      await end(other, 'finished');
      // The redrive of the one that failed reads the file again, and then nobody needs it.
      const isThere = async () => (await world.leftovers()).includes(one.upload?.sha256 ?? '');
      expect(await isThere()).toBe(status === 'failed');
      if (status !== 'failed') return;
      await world.run('download', { ...one.id, input: { source: one.source, schema: 'users' } });
      await save(one);
      await end(one, 'finished');
      expect(await isThere()).toBe(false);
    },
  );
});
