import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotFound, Stopped, Unavailable } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { documentId } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';
import { progress } from '../../support/fakes/client.ts';
import { reading } from '../../support/fakes/documents.ts';
import { outcome } from '../../support/fakes/outcomes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-cli-'));
  writeFileSync(path.join(folder, 'a.png'), 'x');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('perennial ocr', () => {
  test('makes paths absolute, sends only the options given, and tells how to go on', async () => {
    const cli = testCli(false, folder);
    const { code, stdout, stderr } = await cli.run(
      'ocr',
      'a.png',
      '.',
      '--backend',
      'tesseract',
      '--no-preprocess',
      '--force-ocr',
      '--language',
      'eng+deu',
    );
    expect(code).toBe(0);
    expect(cli.client.asked[0]).toEqual([
      'batchOcr',
      {
        paths: [path.join(folder, 'a.png'), folder],
        backend: 'tesseract',
        language: 'eng+deu',
        preprocess: false,
        forceOcr: true,
      },
      { id: undefined },
    ]);
    expect(stdout).toContain('perennial status batch-ocr-b1 --follow');
    expect(stderr).toBe('');
    expect(cli.client.asked.at(-1)).toEqual(['close']);
  });

  test('--json prints one JSON document and nothing else', async () => {
    const { stdout } = await testCli(false, folder).run('ocr', 'a.png', '--json');
    expect(JSON.parse(stdout)).toEqual({ id: 'batch-ocr-b1' });
  });

  test('--follow shows progress on stderr and outcomes on stdout; 0 when all were read', async () => {
    const cli = testCli(false, folder);
    cli.client.batches.set('batch-ocr-b1', {
      status: 'completed',
      steps: [progress({ completed: 1, total: 2, remainingMs: 12_300 })],
    });
    cli.batches.rows.set('batch-ocr-b1', [outcome(0), outcome(1)]);
    const { code, stdout, stderr } = await cli.run('ocr', 'a.png', '--follow');
    expect(code).toBe(0);
    expect(stderr).toContain('reading: 1 of 2 read, about 13 s left');
    expect(stdout).toContain('0.png');
    expect(stdout).toContain('2 read, 0 failed, 0 missing, 0 not read yet');
  });

  test('--follow --json ends with 1 when a document failed, and says why', async () => {
    const cli = testCli(false, folder);
    cli.client.batches.set('batch-ocr-b1', { status: 'completed', steps: [] });
    cli.batches.rows.set('batch-ocr-b1', [outcome(0), outcome(1, 'failed')]);
    const { code, stdout } = await cli.run('ocr', 'a.png', '--follow', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'completed',
      total: 2,
      completed: 1,
      failed: 1,
      outcomes: [{}, { failure: { type: 'EncryptedDocument' } }],
    });
  });

  test('a batch that fails as a whole says why and what to do', async () => {
    const cli = testCli(false, folder);
    cli.client.batches.set('batch-ocr-b1', {
      status: 'failed',
      steps: [],
      failure: new PerennialError('EmptyBatch', 'no documents in /x'),
    });
    const { code, stdout, stderr } = await cli.run('ocr', 'a.png', '--follow');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('no documents in /x');
    expect(stderr).toContain('Name at least one document');
  });

  test('Ctrl-C while following leaves the batch alone', async () => {
    const cli = testCli(false, folder);
    cli.interrupt.abort();
    const { code, stderr } = await cli.run('ocr', 'a.png', '--follow');
    expect(code).toBe(130);
    expect(stderr).toContain('The batch continues');
    expect(cli.client.asked.map(([what]) => what)).not.toContain('cancel');
  });

  test('a path that does not exist starts nothing', async () => {
    const cli = testCli(false, folder);
    const { code, stderr } = await cli.run('ocr', 'nope.png');
    expect(code).toBe(2);
    expect(stderr).toContain(path.join(folder, 'nope.png'));
    expect(cli.client.asked).toEqual([]);
  });

  test.each([
    ['ocr', '/etc/passwd'],
    ['import', '/etc/passwd', '--schema', 'users'],
  ])('SEC-5 %s of a file outside the folders of the running stack starts nothing', async (...args) => {
    const cli = testCli(false, folder);
    cli.documentRoots = [folder];
    const { code, stderr } = await cli.run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('/etc/passwd');
    expect(stderr).toContain('DOCUMENT_ROOTS');
    expect(cli.client.asked.map(([what]) => what)).toEqual(['close']);
    expect((await cli.run('ocr', 'a.png')).code).toBe(0);
  });
});

describe('perennial status, cancel, pause, resume', () => {
  test('status of a batch', async () => {
    const cli = testCli();
    cli.client.batches.set('batch-ocr-b1', {
      status: 'running',
      steps: [progress({ completed: 2, failed: 0, inFlight: 1 })],
    });
    const { code, stdout } = await cli.run('status', 'b1');
    expect(code).toBe(0);
    expect(stdout).toContain('reading: 2 of 3 read, 1 at work');
    expect(JSON.parse((await cli.run('status', 'b1', '--json')).stdout)).toMatchObject({
      id: 'batch-ocr-b1',
      status: 'running',
    });
  });

  test('status of a document', async () => {
    const cli = testCli();
    cli.documents.putCompleted(documentId(1), [reading(0)]);
    const { stdout } = await cli.run('status', documentId(1));
    expect(stdout).toContain('completed');
    expect(stdout).not.toContain('failure');
  });

  test.each(['cancel', 'pause'])('%s reaches the batch', async (verb) => {
    const cli = testCli();
    cli.client.batches.set('batch-ocr-b1', { status: 'running', steps: [] });
    expect((await cli.run(verb, 'b1')).code).toBe(0);
    expect(cli.client.asked).toContainEqual([verb, 'batch-ocr-b1']);
  });

  test('resume goes on with a batch that only the database remembers', async () => {
    const cli = testCli();
    cli.batches.rows.set('batch-ocr-b1', [outcome(0, 'pending')]);
    expect((await cli.run('resume', 'b1')).code).toBe(0);
    expect(cli.client.asked).toContainEqual(['resumeBatch', 'batch-ocr-b1', { known: true }]);
  });

  test.each(['status', 'cancel', 'pause', 'result'])('%s of an unknown id fails', async (verb) => {
    const { code, stdout, stderr } = await testCli().run(verb, 'nope');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^perennial: No .+ with the id '.*nope' is known\.\n$/);
  });
});

describe('exit codes', () => {
  test.each([
    [new Unavailable('nothing runs'), 69],
    [new PerennialError('DatabaseUnavailable', 'gone'), 69],
    [new PerennialError('LanguageDataMissing', 'no deu'), 1],
    [new Stopped('x', 'terminated'), 1],
    [new NotFound('x'), 1],
    [new Error('surprise'), 1],
  ])('%s ends with %i', async (error, code) => {
    const cli = testCli();
    cli.unreachable = error;
    const answer = await cli.run('documents', 'list');
    expect([answer.code, answer.stdout]).toEqual([code, '']);
    expect(answer.stderr).toContain(error.message);
    expect(answer.stderr).not.toContain('    at ');
  });

  test.each([
    [],
    ['frob'],
    ['ocr'],
    ['status'],
    ['ocr', 'a', '--backend', 'abbyy'],
    ['documents', 'list', '--limit', '0'],
    ['documents', 'list', '--status', 'done'],
    ['status', 'x', '--frob'],
  ])('a wrong command line ends with 2: %j', async (...args) => {
    const cli = testCli();
    const { code, stdout } = await cli.run(...args);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('are listed in the help, which is no error', async () => {
    const { code, stdout } = await testCli().run('--help');
    expect(code).toBe(0);
    for (const listed of ['0 ', '1 ', '2 ', '69', '130']) expect(stdout).toContain(`\n  ${listed}`);
  });
});
