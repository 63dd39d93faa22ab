import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { documentId } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';
import { reading } from '../../support/fakes/documents.ts';
import { outcome } from '../../support/fakes/outcomes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('perennial result', () => {
  test('as text and as JSON', async () => {
    const cli = testCli();
    cli.documents.putCompleted(documentId(1), [reading(0, 'Hello world')]);
    expect((await cli.run('result', documentId(1))).stdout).toBe('Hello world\n');
    expect(JSON.parse((await cli.run('result', documentId(1), '--format', 'json')).stdout)).toMatchObject({
      document_id: documentId(1),
      text: 'Hello world',
    });
  });

  test('a terminal gets no control characters, a file gets the text as it is', async () => {
    const cli = testCli(true);
    cli.documents.putCompleted(documentId(1), [reading(0, 'a\u001b[2Jb')]);
    expect((await cli.run('result', documentId(1))).stdout).toBe('a\ufffd[2Jb\n');
    const file = path.join(folder, 'out.txt');
    expect((await cli.run('result', documentId(1), '--file', file)).stdout).toBe('');
    expect(readFileSync(file, 'utf8')).toBe('a\u001b[2Jb\n');
  });

  test('of a batch: one text after the other, with what is missing', async () => {
    const cli = testCli();
    cli.documents.putCompleted(documentId(0), [reading(0, 'first')]);
    cli.batches.rows.set('batch-ocr-b1', [outcome(0, 'completed', 'a.png'), outcome(1, 'failed', 'b.pdf')]);
    const { code, stdout } = await cli.run('result', 'b1');
    expect(code).toBe(1);
    expect(stdout).toBe('==> a.png <==\nfirst\n\n==> b.pdf <==\n(EncryptedDocument: needs a password)\n\n');
  });

  /** An API that gives a PDF, and says of its pages what it is told. */
  async function pdfApi(pages: string): Promise<string> {
    const server = createServer((request, response) =>
      response.setHeader('Perennial-Pages', pages).end(`%PDF ${request.url ?? ''}`),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each(['pdf', 'pdfa'])('as %s comes from the API, with why its pages are pictures', async (format) => {
    const cli = testCli();
    cli.documents.putCompleted(documentId(1), [reading(0)]);
    cli.apiUrl = await pdfApi('drawn; reason=PageTimeLimit');
    const { stdout, stderr } = await cli.run('result', documentId(1), '--format', format);
    expect(stdout).toBe(`%PDF /v1/documents/${documentId(1)}/result?format=${format}`);
    expect(stderr).toContain('PageTimeLimit');
    expect(stderr).not.toContain('signatures');
  });

  test('as a PDF says when signatures do not count in the copy', async () => {
    const cli = testCli();
    cli.documents.putCompleted(documentId(1), [reading(0)]);
    cli.apiUrl = await pdfApi('original; signatures=invalid');
    const { code, stderr } = await cli.run('result', documentId(1), '--format', 'pdf');
    expect(code).toBe(0);
    expect(stderr).toContain('digital signatures of the document do not count in this copy');
    expect(stderr).not.toContain('pictures');
  });

  test.each([
    ['a PDF for a terminal', true, ['--format', 'pdf'], 2],
    ['a PDF/A for a terminal', true, ['--format', 'pdfa'], 2],
    ['a PDF without an API', false, ['--format', 'pdf'], 69],
    ['an unknown format', false, ['--format', 'docx'], 2],
  ])('refuses %s', async (_what, terminal, options, code) => {
    const cli = testCli(terminal);
    cli.documents.putCompleted(documentId(1), [reading(0)]);
    const answer = await cli.run('result', documentId(1), ...options);
    expect([answer.code, answer.stdout]).toEqual([code, '']);
  });

  test('of a document that has not been read says where it stands', async () => {
    const cli = testCli();
    await cli.documents.add([{ id: documentId(1), name: 'a', source: { kind: 'path', path: '/a' } }]);
    const { code, stderr } = await cli.run('result', documentId(1));
    expect(code).toBe(1);
    expect(stderr).toContain('is pending');
  });
});

/** An API that has the file of the first document. */
async function originalsApi(): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    if (url === `/v1/documents/${documentId(1)}/original`) response.end(Buffer.of(0x25, 0, 0xff));
    else response.writeHead(409).end('{"detail":"The file is gone."}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('perennial documents get', () => {
  test('writes the file as it was given', async () => {
    const cli = testCli(true);
    cli.documents.putCompleted(documentId(1), [reading(0)]);
    cli.apiUrl = await originalsApi();
    const file = path.join(folder, 'original.pdf');
    const { code, stdout, stderr } = await cli.run('documents', 'get', documentId(1), '--file', file);
    expect([code, stdout, stderr]).toEqual([0, '', `Wrote ${file}\n`]);
    expect(readFileSync(file)).toEqual(Buffer.of(0x25, 0, 0xff));
  });

  test.each([
    ['an unknown document', false, 9, 1, 'No document with the id'],
    ['a file that is gone', false, 2, 1, 'The file is gone.'],
    ['a terminal', true, 1, 2, '--file FILE'],
  ])('refuses %s', async (_what, terminal, id, code, said) => {
    const cli = testCli(terminal);
    for (const n of [1, 2]) cli.documents.putCompleted(documentId(n), [reading(0)]);
    cli.apiUrl = await originalsApi();
    const answer = await cli.run('documents', 'get', documentId(id));
    expect([answer.code, answer.stdout]).toEqual([code, '']);
    expect(answer.stderr).toContain(said);
  });
});

describe('perennial documents and invoice', () => {
  test('lists page by page, the way on to stderr', async () => {
    const cli = testCli();
    for (const n of [1, 2]) cli.documents.putCompleted(documentId(n), [reading(0)], { name: `\u001b[31m${n}.png` });
    const { stdout, stderr } = await cli.run('documents', 'list', '--limit', '1');
    expect(stdout).toContain(documentId(1));
    expect(stdout).not.toContain('\u001b[31m');
    expect(stderr).toBe(`More: --after ${documentId(1)}\n`);
  });

  test('searches', async () => {
    const cli = testCli();
    cli.documents.putCompleted(documentId(1), [reading(0, 'one two')]);
    cli.documents.putCompleted(documentId(2), [reading(0, 'three')]);
    const { stdout } = await cli.run('documents', 'search', 'one', 'two', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ documents: [{ id: documentId(1) }], next: null });
  });

  test('shows the fields of an invoice', async () => {
    const cli = testCli();
    cli.documents.putCompleted(documentId(1), [reading(0)]);
    const line = {
      value: { description: 'Screws', quantity: '3', unitPrice: '2.00', amount: '6.00' },
      confidence: 0.7,
      page: 0,
    };
    const entities = { total: { value: '12.50', confidence: 0.83, page: 1 }, lines: [line] };
    cli.client.jobResult = () => Promise.resolve({ status: 'success', document_id: documentId(1), entities });
    const { code, stdout } = await cli.run('invoice', documentId(1));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^total +12\.50 +83 % +2$/m);
    expect(stdout).toContain('Screws (3 × 2.00) = 6.00');
  });
});
