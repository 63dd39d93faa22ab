import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { importLine } from '../../../cli/imports/commands.ts';
import { Unavailable } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { testCli } from '../../support/fakes/cli.ts';

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
  expect(JSON.parse(stdout)).toEqual({ id: 'import-monday' });
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
  [new PerennialError('ImportSchemaUnknown', "schema: expected users, got 'x'"), 1, "got 'x'"],
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
