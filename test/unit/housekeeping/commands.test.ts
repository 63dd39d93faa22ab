import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'perennial-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('perennial housekeeping', () => {
  it('CLEAN-1 runs a task by any of its names, passes what was given, and shows what was freed', async () => {
    const cli = testCli();
    cli.client.jobResult = () => Promise.resolve({ dry_run: true, deleted_files: 3, freed_space_mb: 1.5 });
    const { code, stdout } = await cli.run('housekeeping', 'cleanup-temp-files', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/deleted_files\s+3/);
    expect(stdout).toMatch(/freed_space_mb\s+1\.5/);
    await cli.run('housekeeping', 'cleanup_old_ocr_results', '--days', '30');
    expect(cli.client.asked.filter(([what]) => what === 'housekeeping')).toEqual([
      ['housekeeping', 'cleanupTempFiles', { dryRun: true }],
      ['housekeeping', 'cleanupOldOcrResults', { dryRun: false, days: 30 }],
    ]);
  });

  it('CLEAN-7 prints JSON, shows lists by their names, and ends with 1 on a warning', async () => {
    const cli = testCli();
    const result = { status: 'warning', queues: [{ queue: 'documents.ocr', length: 5000 }] };
    cli.client.jobResult = () => Promise.resolve(result);
    const json = await cli.run('housekeeping', 'monitorQueueLengths', '--json');
    expect([json.code, JSON.parse(json.stdout)]).toEqual([1, result]);
    const { stdout } = await cli.run('housekeeping', 'monitorQueueLengths');
    expect(stdout).toMatch(/queues documents\.ocr length\s+5000/);
  });

  it.each([
    ['housekeeping'],
    ['housekeeping', 'sweep'],
    ['housekeeping', 'cleanupTempFiles', '--days', '0'],
    ['restore', 'file'],
    ['restore', 'file', '--into', 'mysql://x/y'],
    ['backup', '--keep', 'all'],
  ])('a wrong command line ends with 2: %j', async (...args) => {
    const { code, stdout } = await testCli().run(...args);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('tells a failure with its remedy', async () => {
    const cli = testCli();
    cli.client.jobResult = () => Promise.reject(new PerennialError('TempFolderUnsafe', 'TEMP_DIR is /'));
    const { code, stderr } = await cli.run('housekeeping', 'cleanupTempFiles');
    expect(code).toBe(1);
    expect(stderr).toContain('TEMP_DIR is /');
    expect(stderr).toContain('Set TEMP_DIR');
  });
});

describe('perennial backup and restore', () => {
  it('CLEAN-5 writes the backup to a file that only its owner can read, and replaces none', async () => {
    const cli = testCli(false, folder);
    const backup = await cli.blobs.put('backups', Buffer.from('the backup'));
    cli.client.jobResult = () => Promise.resolve({ status: 'completed', backup, rows: 12 });
    const { code, stdout } = await cli.run('backup', '--file', 'b.gz', '--keep', '3');
    expect(code).toBe(0);
    expect(stdout).toMatch(/rows\s+12/);
    expect(cli.client.asked[0]).toEqual(['housekeeping', 'backupDatabase', { dryRun: false, keep: 3 }]);
    expect(await readFile(path.join(folder, 'b.gz'), 'utf8')).toBe('the backup');
    expect((await stat(path.join(folder, 'b.gz'))).mode & 0o777).toBe(0o600);
    const again = await cli.run('backup', '--file', 'b.gz');
    expect([again.code, await readFile(path.join(folder, 'b.gz'), 'utf8')]).toEqual([2, 'the backup']);
  });

  it('CLEAN-5 restores without a running stack', async () => {
    const cli = testCli(false, folder);
    cli.unreachable = new Error('nothing runs');
    const url = 'postgresql://me@host/new';
    const { code, stdout } = await cli.run('restore', 'b.gz', '--into', url, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { tables: 9, rows: 12 }]);
    expect(cli.restored).toEqual([[path.join(folder, 'b.gz'), url]]);
  });
});

describe('POST /v1/housekeeping/:task', () => {
  it('CLEAN-1 answers with what was freed when the task ends soon', async () => {
    const api = testApi();
    api.client.jobResult = () => Promise.resolve({ deleted_files: 3 });
    const answer = await request(api.app).post('/v1/housekeeping/cleanup_temp_files').send({ dryRun: true });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id: 'housekeeping-cleanupTempFiles-1',
      status: 'completed',
      result: { deleted_files: 3 },
    });
    expect(api.client.asked).toEqual([['housekeeping', 'cleanupTempFiles', { dryRun: true }]]);
  });

  it('answers 202 with the address of the run when asked to, and that says how it is', async () => {
    const api = testApi();
    const answer = await request(api.app)
      .post('/v1/housekeeping/backupDatabase')
      .set('Prefer', 'respond-async')
      .send({});
    expect([answer.status, answer.headers['location']]).toEqual([
      202,
      '/v1/housekeeping/runs/housekeeping-backupDatabase-1',
    ]);
    const run = await request(api.app).get('/v1/housekeeping/runs/housekeeping-backupDatabase-1');
    expect([run.status, run.body]).toEqual([200, { id: 'housekeeping-backupDatabase-1', status: 'running' }]);
  });

  it('does not know other tasks and other jobs', async () => {
    const api = testApi();
    expect((await request(api.app).post('/v1/housekeeping/sweep').send({})).status).toBe(404);
    expect((await request(api.app).get('/v1/housekeeping/runs/batch-ocr-1')).status).toBe(404);
  });
});
