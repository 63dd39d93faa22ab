import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { importLine } from '../../../cli/imports/commands.ts';
import { Unavailable } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { testCli } from '../../support/fakes/cli.ts';
import { importView } from '../../support/fakes/imports.ts';

const url = 'https://example.com/users.csv';

test.each([
  [[url], { source: { url } }],
  [
    [url, '--schema', 'users', '--on-conflict', 'skip', '--dry-run'],
    { source: { url }, schema: 'users', onConflict: 'skip', dryRun: true },
  ],
  [
    ['inbox/prices.xlsx', '--dataset', 'prices', '--key', 'sku', '--sheet', 'May'],
    { source: { path: '/srv/inbox/prices.xlsx' }, dataset: 'prices', key: 'sku', sheet: 'May' },
  ],
  [
    ['/in/list.csv', '--schema', 'documents', '--start-ocr', '--delimiter', ';', '--encoding', 'utf-8'],
    {
      source: { path: '/in/list.csv' },
      schema: 'documents',
      delimiter: ';',
      encoding: 'utf-8',
      startOcr: true,
    },
  ],
  [
    [url, '--map', 'E-Mail=email', '--map', 'a=b=c', '--date-format', 'D.M.YY', '--decimal', ',', '--skip-lines', '2'],
    { source: { url }, map: { 'E-Mail': 'email', 'a=b': 'c' }, dateFormat: 'D.M.YY', decimal: ',', skipLines: 2 },
  ],
  [
    [url, '--encoding', 'cp1251', '--header-row', '3', '--format', 'csv'],
    { source: { url }, encoding: 'cp1251', headerRow: 3, format: 'csv' },
  ],
])('IMPORT-1 perennial import %j starts it with exactly what was asked for', async (args, input) => {
  const cli = testCli(false, '/srv');
  const { code, stdout } = await cli.run('import', ...args);
  expect([code, stdout]).toEqual([0, 'Started import-i1\n']);
  expect(cli.client.asked[0]).toEqual(['import', input, { id: undefined }]);
});

test('IDEM-4 --id names the import; --json prints the id', async () => {
  const cli = testCli();
  const { code, stdout } = await cli.run('import', url, '--id', 'monday', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ id: 'monday' });
});

test('--follow waits for the end and tells the counts', async () => {
  const cli = testCli();
  const { code, stdout, stderr } = await cli.run('import', url, '--follow');
  expect(code).toBe(0);
  expect(stderr).toContain('Started import-i1');
  expect(stderr).toContain('3 saved');
  expect(stdout).toMatch(/status +complete/);
  expect(stdout).toMatch(/saved +3/);
  const json = await cli.run('import', url, '--follow', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ importId: 'import-i1', saved: 3 });
});

test('P3-18 an empty file and a dry run are called so', async () => {
  const cli = testCli();
  cli.client.imports.result = { ...cli.client.imports.result, status: 'empty', dryRun: true, read: 0, saved: 0 };
  expect((await cli.run('import', url, '--follow')).stdout).toMatch(/status +empty \(dry run\)/);
});

test('IMPORT-4 rejects are written to a file, and the exit code tells that there were some', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-cli-imports-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const cli = testCli(false, folder);
  const rejects = await cli.blobs.put('imports/rejects', Buffer.from('line,column,value,reason\n'));
  cli.client.imports.result = { ...cli.client.imports.result, status: 'partial', rejected: 1, rejects };
  const { code, stderr } = await cli.run('import', url, '--rejects', 'bad.csv');
  expect(code).toBe(1);
  expect(stderr).toContain(path.join(folder, 'bad.csv'));
  expect(readFileSync(path.join(folder, 'bad.csv'), 'utf8')).toBe('line,column,value,reason\n');
});

test('Ctrl-C ends the look, not the import', async () => {
  const cli = testCli();
  cli.interrupt.abort();
  const { code, stderr } = await cli.run('import', url, '--follow');
  expect(code).toBe(130);
  expect(stderr).toContain('continues as import-i1');
  expect(cli.client.asked.map(([method]) => method)).not.toContain('cancel');
});

test.each([
  [['import'], 'source'],
  [['import', url, '--encoding', 'klingon'], 'klingon'],
  [['import', url, '--map', 'email'], 'COLUMN=NAME'],
  [['import', url, '--on-conflict', 'explode'], 'explode'],
  [['import', url, '--colour', 'red'], '--colour'],
])('%j is a wrong command line, and starts nothing', async (args, said) => {
  const cli = testCli();
  const { code, stderr } = await cli.run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(said);
  expect(cli.client.asked).toEqual([]);
});

test.each([
  [new PerennialError('ImportSchemaUnknown', "schema: expected users, got 'x'"), 2, "got 'x'"],
  [new Unavailable('no server at localhost:1'), 69, 'no server'],
])('a start that is refused says why: %s', async (error, exitCode, said) => {
  const cli = testCli();
  cli.client.imports.start = () => Promise.reject(error);
  const { code, stderr } = await cli.run('import', url);
  expect(code).toBe(exitCode);
  expect(stderr).toContain(said);
});

test('a line of progress says what is done and how long it will take', () => {
  const { progress } = testCli().client.imports;
  expect(importLine({ ...progress, phase: 'downloading', bytes: 0, read: 0, saved: 0 })).toBe(
    'downloading, 0 read, 0 saved',
  );
  expect(
    importLine({
      ...progress,
      phase: 'saving',
      bytes: 12e6,
      doneBytes: 4.8e6,
      read: 4_000,
      saved: 3_990,
      rejected: 10,
      remainingMs: 19_500,
    }),
  ).toBe('saving: 40 % of 12.0 MB, 4000 read, 3990 saved, 10 rejected, about 20 s left');
});

test('imports list hands the filters on, and says how to go on', async () => {
  const cli = testCli();
  for (const n of [1, 2, 3]) cli.imports.views.set(`import-${n}`, importView({ id: `import-${n}` }));
  const args = ['--status', 'failed', '--schema', 'users', '--source', 'example.com', '--since', '2026-01-01'];
  const { code, stdout, stderr } = await cli.run('imports', 'list', ...args, '--limit', '2');
  expect(code).toBe(0);
  expect(cli.imports.lists).toEqual([
    [{ status: 'failed', schema: 'users', source: 'example.com', since: '2026-01-01T00:00:00.000Z' }, 2],
  ]);
  expect(stdout).toMatch(
    /import-1 +finished +users +https:\/\/example.com\/users.csv +2026-01-01T00:00:00.000Z +3 +2 +1/,
  );
  expect(stdout).not.toContain('import-3');
  expect(stderr).toContain('More: --after import-2');
  const json = await cli.run('imports', 'list', '--limit', '2', '--json');
  expect(JSON.parse(json.stdout)).toEqual({
    imports: [1, 2].map((n) => importView({ id: `import-${n}` })),
    next: 'import-2',
  });
});

test('IMPORT-3 imports status shows the options, the ignored columns and the reason of a failure', async () => {
  const cli = testCli();
  const layout = {
    format: 'csv',
    encoding: 'windows-1252',
    encodingFrom: 'words',
    mixedEncoding: false,
    delimiter: ';',
    header: ['id', 'email', 'phone'],
    ignored: ['phone'],
    bytes: 100,
    lines: 4,
  } as const;
  const failure = { type: 'ImportColumns', class: 'permanent', message: 'line 1: expected a column' } as const;
  const options = { skipLines: 2, map: { 'E-Mail': 'email', Nr: 'id' }, decimal: ',' } as const;
  cli.imports.views.set(
    'import-monday',
    importView({
      status: 'failed',
      failure,
      options,
      layout: { ...layout, header: [...layout.header], ignored: ['phone'] },
    }),
  );
  const { code, stdout } = await cli.run('imports', 'status', 'monday');
  expect(code).toBe(1); // it has failed
  expect(stdout).toMatch(/^reason +ImportColumns: line 1: expected a column$/m);
  expect(stdout).toMatch(/^encoding +windows-1252 \(likely, from its words; --encoding NAME names another\)$/m);
  expect(stdout).toMatch(/^ignored columns +phone$/m);
  expect(stdout).toMatch(/^option skipLines +2$/m);
  expect(stdout).toMatch(/^option map +E-Mail=email, Nr=id$/m);
  expect(stdout).toMatch(/^option decimal +,$/m);
});

test('imports rows shows a page and where the next one begins', async () => {
  const cli = testCli();
  cli.imports.views.set('import-monday', importView());
  const rows = ['a', 'b', 'c'].map((key, n) => ({ line: n + 2, key, values: { id: key } }));
  cli.imports.saved.set('import-monday', rows);
  const { stdout, stderr } = await cli.run('imports', 'rows', 'monday', '--limit', '2');
  expect(stdout).toMatch(/^3 +b +\{"id":"b"\}$/m);
  expect(stderr).toContain('More: --after "b"');
  const next = await cli.run('imports', 'rows', 'monday', '--after', 'b', '--json');
  expect(JSON.parse(next.stdout)).toEqual({ rows: [rows[2]], next: null });
});

test('imports export writes to standard output or to a file', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-cli-imports-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const cli = testCli(false, folder);
  cli.imports.views.set('import-monday', importView());
  cli.imports.saved.set('import-monday', [{ line: 2, key: 'a', values: {} }]);
  expect((await cli.run('imports', 'export', 'monday')).stdout).toBe('csv of 1\n');
  const { code, stdout } = await cli.run('imports', 'export', 'monday', '--format', 'jsonl', '--file', 'rows.jsonl');
  expect([code, stdout]).toEqual([0, '']);
  expect(readFileSync(path.join(folder, 'rows.jsonl'), 'utf8')).toBe('jsonl of 1\n');
});

test('IMPORT-4 imports rejects writes the list with its reasons, and says where there is none', async () => {
  const cli = testCli();
  const rejects = await cli.blobs.put('import-rejects', Buffer.from('line,column,value,reason\n2,email,x,no\n'));
  cli.imports.views.set('import-monday', importView({ rejects }));
  cli.imports.views.set('import-clean', importView({ id: 'import-clean' }));
  expect((await cli.run('imports', 'rejects', 'monday')).stdout).toBe('line,column,value,reason\n2,email,x,no\n');
  expect(await cli.run('imports', 'rejects', 'clean')).toMatchObject({ code: 0, stderr: 'Nothing was rejected.\n' });
});

test.each([
  [['imports', 'list', '--status', 'lost'], 2, 'lost'],
  [['imports', 'list', '--since', 'yesterday'], 2, 'ISO 8601'],
  [['imports', 'export', 'monday', '--format', 'xlsx'], 2, 'xlsx'],
  [['imports', 'status', 'nobody'], 1, 'import-nobody'],
  [['imports', 'rows', 'nobody'], 1, 'import-nobody'],
  [['imports', 'export', 'nobody'], 1, 'import-nobody'],
])('%j is refused with what is wrong', async (args, exitCode, said) => {
  const { code, stdout, stderr } = await testCli().run(...args);
  expect([code, stdout]).toEqual([exitCode, '']);
  expect(stderr).toContain(said);
});
