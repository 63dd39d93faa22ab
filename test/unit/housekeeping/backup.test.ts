import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inLoadingOrder } from '../../../services/housekeeping/backup/plan.ts';
import { BackupReader } from '../../../services/housekeeping/backup/reader.ts';

async function* inPieces(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const cut of [...cuts, bytes.length].map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b)) {
    if (cut > from) yield await Promise.resolve(bytes.subarray(from, cut));
    from = cut;
  }
}

async function readAll(bytes: Buffer, cuts: readonly number[]): Promise<readonly string[]> {
  const reader = new BackupReader(inPieces(bytes, cuts));
  const head = await reader.line();
  const rows: Buffer[] = [];
  for await (const part of reader.rows()) rows.push(Buffer.from(part));
  return [head, Buffer.concat(rows).toString('latin1'), await reader.line()];
}

describe('CLEAN-5 reading a backup', () => {
  it('CLEAN-5 gives the same rows however the file is cut into pieces', async () => {
    // Whatever COPY writes: a backslash in a value is doubled, so `\.` alone is never a row.
    const row = fc.stringMatching(/^([a.\t]|\\\\|\\N|\\\.a){0,6}$/).filter((text) => text !== '\\.');
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 8 }), fc.array(fc.nat(80)), async (rows, cuts) => {
        const body = rows.map((text) => `${text}\n`).join('');
        const bytes = Buffer.from(`COPY x FROM stdin;\n${body}\\.\n-- table\n`, 'latin1');
        expect(await readAll(bytes, cuts)).toEqual(['COPY x FROM stdin;', body, '-- table']);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['a\n', 'a\nb\n\\', 'a\nb\n\\.', 'a\nb'])('CLEAN-5 says so when the rows have no end: %j', async (text) => {
    const reader = new BackupReader(inPieces(Buffer.from(text), []));
    await reader.line();
    await expect(
      (async () => {
        for await (const part of reader.rows()) expect(part.length).toBeGreaterThan(0);
      })(),
    ).rejects.toMatchObject({ type: 'BackupUnreadable' });
  });
});

describe('CLEAN-5 the order of tables', () => {
  const tables = ['a', 'b', 'c'].map((name) => ({ name, columns: ['x'] }));

  it('CLEAN-5 puts each table after those that it refers to', () => {
    const ordered = inLoadingOrder(tables, [
      { from: 'a', to: 'c' },
      { from: 'c', to: 'b' },
    ]);
    expect(ordered.map(({ name }) => name)).toEqual(['b', 'c', 'a']);
  });

  it('CLEAN-5 says so when tables refer to each other in a circle', () => {
    const circle = [
      { from: 'a', to: 'c' },
      { from: 'c', to: 'a' },
    ];
    expect(() => inLoadingOrder(tables, circle)).toThrow(/circle among a, c/);
  });
});
