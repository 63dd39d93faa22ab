import { describe, expect, it } from 'vitest';
import { createEmailJobs } from '../../../client/email/jobs.ts';
import type { EmailJobs } from '../../../client/index.ts';
import { catalogue } from '../../../contracts/catalogue.ts';
import { routeTask } from '../../../contracts/queues/routing.ts';
import { memoryBlobs } from '../../support/fakes/blobs.ts';
import { createKeyRing } from '../../../payloads/key-ring.ts';
import { rpcOver, type Started } from '../../support/fakes/starts.ts';
import { TEST_SEAL_KEYS } from '../../support/servers/temporal.ts';

function jobs(options: { blobs?: boolean } = {}): { email: EmailJobs; started: Started[] } {
  const started: Started[] = [];
  const rpc = { ...rpcOver({ started }), sealKeys: createKeyRing(TEST_SEAL_KEYS, 'sealKeys') };
  return {
    email: createEmailJobs({
      rpc,
      blobs: options.blobs === true ? memoryBlobs() : undefined,
      priorityLevels: 5,
    }),
    started,
  };
}

const list = (count: number): string[] => Array.from({ length: count }, (_, n) => `u${String(n)}@example.com`);
const content = { subject: 'News', body: '<p>Hi</p>' };

describe('mail jobs of the client', () => {
  it('P3-40 verification and password reset answer plain JSON: {status: "queued", task_id}', async () => {
    const { email, started } = jobs();
    const answer = await email.sendVerification('ann@example.com', 'token-1');
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    expect(answer).toEqual({ status: 'queued', task_id: expect.stringMatching(/^email-[0-9a-f]{32}$/) as string });
    expect(started[0]).toMatchObject({
      workflow: 'runTask',
      options: { args: ['email.sendVerification', { to: 'ann@example.com', token: 'token-1' }] },
    });
    // The same token is the same job; another token or purpose is another one.
    expect(await email.sendVerification('ann@example.com', 'token-1')).toEqual(answer);
    expect(await email.sendVerification('ann@example.com', 'token-2')).not.toEqual(answer);
    expect(await email.sendPasswordReset('ann@example.com', 'token-1')).not.toEqual(answer);
    expect(JSON.stringify(started.map(({ options }) => options.workflowId))).not.toMatch(/ann|token/);
  });

  it('P3-38 verification and password reset are transactional whoever asks, other mail is not', async () => {
    const { email, started } = jobs();
    await email.sendVerification('ann@example.com', 't');
    await email.sendPasswordReset('ann@example.com', 't');
    await email.sendWelcome('ann@example.com');
    await email.send({ to: 'ann@example.com', subject: 'Hi', body: 'x' });
    const facts = started.map(({ options: { args = [], priority } }) => {
      const [named] = args as unknown[];
      const task = catalogue.find(({ name }) => name === named);
      return [named, task?.queue, task && routeTask(task, {}).priority, priority?.priorityKey];
    });
    expect(facts).toEqual([
      ['email.sendVerification', 'documents.high_priority', 8, 2],
      ['email.sendPasswordReset', 'documents.high_priority', 8, 2],
      ['email.sendWelcome', 'documents.email', 6, 3],
      ['email.send', 'documents.email', 6, 3],
    ]);
  });

  it('P3-40 EMAIL-4 a bulk answers {status: "queued", total_emails, group_id}, long lists travel as a manifest', async () => {
    const { email, started } = jobs({ blobs: true });
    expect(await email.sendBulk({ recipients: list(3), ...content }, { id: 'news-1' })).toEqual({
      status: 'queued',
      total_emails: 3,
      group_id: 'bulk-email-news-1',
      task_id: 'bulk-email-news-1',
    });
    expect(await email.sendBulk({ recipients: list(6_000), ...content })).toMatchObject({ total_emails: 6_000 });
    expect(started[1]?.options.args?.[0]).toMatchObject({ manifest: { store: 'file' }, subject: 'News' });
    expect(started[1]?.options.args?.[0]).not.toHaveProperty('recipients');
    expect(email.getBulk('bulk-email-news-1').id).toBe(email.getBulk('news-1').id);
  });

  it('IDEM-4 a bulk that is done already is the same bulk', async () => {
    const { email, started } = jobs();
    for (let times = 0; times < 2; times += 1)
      expect(await email.sendBulk({ recipients: list(1), ...content }, { id: 'x' })).toMatchObject({
        group_id: 'bulk-email-x',
      });
    expect(started).toHaveLength(1);
  });

  it('the same message key is the same job; without one each call is its own', async () => {
    const { email } = jobs();
    const message = { to: 'ann@example.com', subject: 'Hi', body: 'x' };
    const [a, b] = [
      await email.send({ ...message, messageKey: 'k' }),
      await email.send({ ...message, messageKey: 'k' }),
    ];
    expect(a.id).toBe(b.id);
    expect((await email.send(message)).id).not.toBe((await email.send(message)).id);
  });

  it.each([
    ['to', { to: 'nobody' }],
    ['subject', { subject: 'a\r\nBcc: b@example.com' }],
    ['subject', { subject: undefined }],
    ['body', { body: 1 }],
    ['attachments', { attachments: [{ path: '' }] }],
    ['unknown', { unknown: 1 }],
  ])('SEC-5 a wrong %s is told before anything is started', async (field, fields) => {
    const { email, started } = jobs();
    const message = { to: 'ann@example.com', subject: 'Hi', body: 'x', ...fields };
    await expect(email.send(message as never)).rejects.toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining(field) as string,
    });
    expect(started).toEqual([]);
  });

  it('a long list without a blob store, an empty list and a wrong zone are refused before anything is started', async () => {
    const { email, started } = jobs();
    await expect(email.sendBulk({ recipients: list(5_001), ...content })).rejects.toThrow(
      /at most 5000 entries, got 5001/,
    );
    await expect(email.sendBulk({ recipients: [], ...content })).rejects.toThrow(/recipients/);
    await expect(email.sendBulk({ ...content })).rejects.toThrow(/exactly one of recipients and manifest/);
    const user = { userId: 'u1', email: 'u1@example.com' };
    await expect(email.onboard({ ...user, timeZone: 'Mars/Olympus' })).rejects.toThrow(/timeZone.*IANA/);
    expect(started).toEqual([]);
    expect((await email.onboard(user)).id).toMatch(/^onboarding-/);
  });
});
