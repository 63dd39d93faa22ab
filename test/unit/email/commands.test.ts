/** The API and the command line of mail, over fakes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import supertest from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-test-email-cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('API', () => {
  it('EMAIL-9 POST /v1/emails checks the input, starts the message and answers where to look', async () => {
    const api = testApi();
    const message = { to: 'ann@example.com', subject: 'Hi', body: 'x' };
    const answer = await supertest(api.app).post('/v1/emails').set('idempotency-key', 'k 1').send(message);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ status: 'queued', task_id: expect.any(String) as string });
    expect(answer.headers['location']).toBe(`/v1/emails/${(answer.body as { task_id: string }).task_id}`);
    expect(api.client.asked[0]).toMatchObject([
      'email.send',
      { ...message, messageKey: expect.stringMatching(/^key-/) as string },
    ]);
    for (const wrong of [{ to: 'ann' }, { subject: 'a\nb' }, { cc: 'x' }]) {
      const refused = await supertest(api.app)
        .post('/v1/emails')
        .send({ ...message, ...wrong });
      expect(refused.status).toBe(400);
      expect(refused.body).toMatchObject({ failure: { type: 'InvalidInput' } });
    }
    expect(api.client.asked).toHaveLength(1);
    expect(api.logged.join()).not.toMatch(/ann@/);
  });

  it('P3-40 verification, password reset, onboarding and bulk answer {status: "queued", task_id}', async () => {
    const api = testApi();
    const post = (route: string, body: object) => supertest(api.app).post(`/v1/emails/${route}`).send(body);
    const token = { to: 'ann@example.com', token: 't' };
    expect((await post('verification', token)).body).toEqual({
      status: 'queued',
      task_id: 'email-email.sendVerification',
    });
    expect((await post('password-reset', token)).body).toMatchObject({ status: 'queued' });
    expect((await post('onboarding', { userId: 'u', email: 'u@example.com' })).body).toMatchObject({
      status: 'queued',
    });
    const bulk = await post('bulk', { recipients: ['a@example.com', 'b@example.com'], subject: 'News', body: 'x' });
    expect(bulk.status).toBe(202);
    expect(bulk.body).toMatchObject({ status: 'queued', total_emails: 2, group_id: 'bulk-email-b1' });
    expect(api.client.asked.map(([name]) => name)).toEqual([
      'email.sendVerification',
      'email.sendPasswordReset',
      'email.onboard',
      'email.sendBulk',
    ]);
  });

  it('shows a message, a bulk and its outcomes, and stops a bulk', async () => {
    const api = testApi();
    const result = { status: 'sent', recipient: 'a@example.com', messageId: '<1@x>' };
    api.client.jobResult = () => Promise.resolve(result);
    const get = (route: string) => supertest(api.app).get(`/v1/emails/${route}`);
    expect((await get('email-1')).body).toEqual({ id: 'email-1', status: 'completed', result });
    expect((await get('batch-ocr-1')).status).toBe(404);
    api.client.jobResult = () => Promise.reject(new PerennialError('RecipientRejected', 'expected …, got: 550'));
    expect((await get('email-1')).body).toMatchObject({ failure: { type: 'RecipientRejected', class: 'permanent' } });
    api.client.jobResult = () => Promise.resolve(result);
    expect((await get('bulk/bulk-email-1')).body).toMatchObject({
      status: 'completed',
      progress: { sent: 1, failed: 1 },
    });
    expect((await get('bulk/bulk-email-1/outcomes')).body).toEqual({ items: [], nextCursor: null });
    expect((await supertest(api.app).post('/v1/emails/bulk/bulk-email-1/cancel')).status).toBe(202);
    expect(api.client.asked.at(-1)).toEqual(['cancel', 'bulk-email-1']);
  });

  it('needs the key of the API', async () => {
    const api = testApi({ key: 'a-key-of-sixteen-characters' });
    for (const route of ['/v1/emails', '/v1/emails/bulk', '/v1/emails/verification'])
      expect((await supertest(api.app).post(route).send({})).status).toBe(401);
  });
});

describe('perennial email', () => {
  it('send starts one message and says how to follow it; --wait shows its Message-ID', async () => {
    const cli = testCli(false, folder);
    const args = ['email', 'send', 'ann@example.com', '--subject', 'Hi', '--body', 'x'];
    const started = await cli.run(...args, '--key', 'k', '--attach', 'a.pdf');
    expect(started).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('perennial email status email-') as string,
    });
    expect(cli.client.asked[0]).toEqual([
      'email.send',
      {
        to: 'ann@example.com',
        subject: 'Hi',
        body: 'x',
        messageKey: 'k',
        attachments: [{ path: path.join(folder, 'a.pdf') }],
      },
    ]);
    cli.client.jobResult = () => Promise.resolve({ messageId: '<1@x>' });
    expect((await cli.run(...args, '--wait')).stdout).toBe('Sent as <1@x>\n');
  });

  it('bulk reads addresses from a file, one in each line; --wait gives 1 when somebody was not reached', async () => {
    const cli = testCli(false, folder);
    writeFileSync(path.join(folder, 'list.txt'), 'a@example.com\r\n\n b@example.com \n');
    writeFileSync(path.join(folder, 'body.html'), '<p>Hi</p>');
    const args = ['email', 'bulk', 'list.txt', '--subject', 'News', '--body-file', 'body.html'];
    expect(await cli.run(...args, '--id', 'news')).toMatchObject({ code: 0 });
    expect(cli.client.asked[0]).toEqual([
      'email.sendBulk',
      { recipients: ['a@example.com', 'b@example.com'], subject: 'News', body: '<p>Hi</p>', html: true },
      { id: 'news' },
    ]);
    const summary = {
      status: 'finished',
      group_id: 'g',
      total_emails: 2,
      sent: 1,
      failed: 1,
      duplicates: 0,
      pending: 0,
    };
    cli.client.jobResult = () => Promise.resolve(summary);
    const waited = await cli.run(...args, '--wait', '--json');
    expect(waited.code).toBe(1);
    expect(JSON.parse(waited.stdout)).toEqual(summary);
  });

  it('status tells where a message or a mailing stands', async () => {
    const cli = testCli();
    expect(await cli.run('email', 'status', 'email-1')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/completed/) as string,
    });
    const bulk = await cli.run('email', 'status', 'bulk-email-1', '--json');
    expect(bulk.code).toBe(1);
    expect(JSON.parse(bulk.stdout)).toMatchObject({ progress: { sent: 1, failed: 1 } });
  });

  it.each([
    [['email', 'send', 'a@example.com', '--subject', 'x'], /exactly one of --body and --body-file/],
    [['email', 'send', 'a@example.com', '--subject', 'x', '--body-file', 'none.txt'], /no readable file none\.txt/],
    [['email', 'bulk', 'none.txt', '--subject', 'x', '--body', 'y'], /no readable file none\.txt/],
    [['email', 'send', 'a@example.com', '--body', 'x'], /--subject/],
  ])('a wrong command line starts nothing: %j', async (args, message) => {
    const cli = testCli(false, folder);
    const { code, stderr } = await cli.run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(cli.client.asked.filter(([name]) => String(name).startsWith('email'))).toEqual([]);
  });
});
