/** No field of a task of e-mail is taken and then ignored: another value of it changes what is sent or noted. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { sendEmailRequestSchema } from '../../../contracts/email/schema.ts';
import { bulkEmailInputSchema, emailTaskSchemas } from '../../../contracts/email/schema.ts';
import { emailTests, message } from '../../support/email-tests.ts';
import type { EmailWorld } from '../../support/email.ts';

const tests = emailTests();

/** Two inputs that differ in one field. */
type Pair = readonly [before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>];

/** What arrived at the mail server, and whom it was for; dates and Message-IDs of other keys apart. */
async function sentBy(work: (world: EmailWorld) => Promise<unknown>): Promise<readonly string[]> {
  const { smtp, world } = await tests.setUp();
  await work(world);
  return smtp.received.map(({ to, raw }) => `${to}\n${raw.toString().replace(/^Date: .*$/m, '')}`).sort();
}

async function file(name: string, content: string): Promise<string> {
  const at = path.join(tests.folder, name);
  await writeFile(at, content);
  return at;
}

let users = 0;
const base = { messageKey: 'same', to: 'ann@example.com', subject: 'Hello', body: '<p>Good</p>' };
const html = { ...base, html: true };

const SEND: Readonly<Record<string, () => Promise<Pair> | Pair>> = {
  messageKey: () => [base, { ...base, messageKey: 'other' }],
  to: () => [base, { ...base, to: ['Ann <ann@example.com>'] }],
  cc: () => [base, { ...base, cc: ['bob@example.com'] }],
  bcc: () => [base, { ...base, bcc: ['bob@example.com'] }],
  replyTo: () => [base, { ...base, replyTo: ['help@example.com'] }],
  subject: () => [base, { ...base, subject: 'Hello again' }],
  body: () => [base, { ...base, body: 'Evening' }],
  html: () => [base, html],
  textBody: () => [html, { ...html, textBody: 'Good, as text' }],
  attachments: async () => [base, { ...base, attachments: [{ path: await file('a.txt', 'a') }] }],
};

describe('each field changes what is sent', () => {
  it('EMAIL-1 the table names every field of a message', () => {
    expect(Object.keys(SEND).sort()).toEqual(Object.keys(sendEmailRequestSchema.shape).sort());
  });

  it.each(Object.keys(SEND))('EMAIL-1 email.send: %s', async (field) => {
    const [before, after] = (await Promise.resolve(SEND[field]?.())) ?? [];
    const sent: (readonly string[])[] = [];
    for (const input of [before, after]) {
      await tests.test.db.query('delete from email_messages');
      sent.push(await sentBy((world) => world.run('email.send', input)));
    }
    expect(sent[1]).not.toEqual(sent[0]);
  });

  it.each([
    [{ filename: 'b.txt' }, /filename=b\.txt/],
    [{ contentType: 'application/pdf' }, /application\/pdf/],
  ])('EMAIL-6 %j of an attachment', async (fields, told) => {
    const [sent] = await sentBy(async (world) => {
      const ref = await world.blobs.put('test', Buffer.from('x'));
      return world.run('email.send', message({ attachments: [{ ref, filename: 'a.txt', ...fields }] }));
    });
    expect(sent).toMatch(told);
  });

  it('EMAIL-6 the name of an attached file', async () => {
    const attachments = [{ path: await file('a.txt', 'a'), filename: 'b.txt' }];
    const [sent] = await sentBy((world) => world.run('email.send', message({ attachments })));
    expect(sent).toMatch(/filename=b\.txt/);
  });

  it.each(['email.sendVerification', 'email.sendPasswordReset', 'email.sendWelcome'] as const)(
    'EMAIL-2 EMAIL-3 EMAIL-5 %s',
    async (task) => {
      const { shape }: { shape: Record<string, unknown> } = emailTaskSchemas[task].input;
      for (const field of Object.keys(shape)) {
        const input = { to: `user-${String((users += 1))}@example.com`, [field]: 'first' };
        const whole = task === 'email.sendWelcome' ? input : { token: 'token', ...input };
        const first = field === 'to' ? { ...whole, to: 'first@example.com' } : whole;
        const other = { ...first, [field]: field === 'to' ? 'other@example.com' : 'other' };
        const sent = [await sentBy((world) => world.run(task, first))];
        await tests.test.db.query('delete from email_messages');
        sent.push(await sentBy((world) => world.run(task, other)));
        const told = field === 'to' ? 'other@example.com' : 'other';
        expect([field, sent[1]?.join('')]).toEqual([field, expect.stringContaining(told)]);
        expect(sent[0]?.join('')).not.toContain(told);
      }
    },
  );

  it('EMAIL-5 email.createUserProfile: every field stands in the profile', async () => {
    const { world } = await tests.setUp();
    const input = { userId: 'u-1', email: 'u@example.com', name: 'Uma', timeZone: 'Asia/Tokyo' };
    expect(Object.keys(input).sort()).toEqual(
      Object.keys(emailTaskSchemas['email.createUserProfile'].input.shape).sort(),
    );
    await world.run('email.createUserProfile', input);
    const { userId: id, ...profile } = input;
    expect(await world.users.find('u-1')).toMatchObject({ id, ...profile });
  });
});

describe('each field of a mailing changes what is sent', () => {
  const mailing = { recipients: ['ann@example.com'], subject: 'News', body: '<p>New</p>' };
  const MAILING: Readonly<Record<string, (world: EmailWorld) => Promise<object> | object>> = {
    recipients: () => ({ recipients: ['bob@example.com'] }),
    manifest: async ({ blobs }) => ({
      recipients: undefined,
      manifest: await blobs.put('test', Buffer.from('{"to":"bob@example.com"}\n')),
    }),
    subject: () => ({ subject: 'More news' }),
    body: () => ({ body: '<p>Newer</p>' }),
    html: () => ({ html: false }),
    attachments: async () => ({ attachments: [{ path: await file('a.txt', 'a') }] }),
  };

  it('EMAIL-4 the table names every field of a mailing', () => {
    expect(Object.keys(MAILING).sort()).toEqual(Object.keys((bulkEmailInputSchema as z.ZodObject).shape).sort());
  });

  it.each(Object.keys(MAILING))('EMAIL-4 %s', async (field) => {
    const sent: (readonly string[])[] = [];
    for (const change of [() => ({}), MAILING[field]]) {
      await tests.test.db.query('delete from email_messages');
      sent.push(
        await sentBy(async (world) => {
          const input = { ...mailing, ...(await Promise.resolve(change?.(world))) };
          const prepared = await world.run('email.prepareBulk', { bulkId: 'b', input });
          const { recipients, message: content } = prepared as { recipients: unknown; message: unknown };
          await world.run('email.sendBulkChunk', {
            bulkId: 'b',
            recipients,
            message: content,
            first: 0,
            count: 1,
            round: 1,
          });
        }),
      );
    }
    expect(sent[0]).toHaveLength(1);
    expect(sent[1]).not.toEqual(sent[0]);
  });
});

describe('a text beside a message without HTML', () => {
  it.each([{}, { html: false }])('EMAIL-1 is refused with the field, and nothing is sent: %j', async (fields) => {
    const { smtp, world } = await tests.setUp();
    const sending = world.run('email.send', message({ textBody: 'PRIVATE', ...fields }));
    const failure: unknown = await sending.catch((error: unknown) => error);
    expect(failure).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining('html: expected true') as string,
    });
    expect(String(failure)).not.toContain('PRIVATE');
    expect(smtp.received).toEqual([]);
  });

  it.each([
    ['Only text.', {}, /^Only text\.$/m],
    ['', { html: true, textBody: 'Only text.' }, /^Only text\.$/m],
  ])('EMAIL-1 a message of text alone is sent as text: %j %j', async (body, fields, told) => {
    const [sent = ''] = await sentBy((world) => world.run('email.send', message({ body, ...fields })));
    expect(sent).toMatch(/^Content-Type: text\/plain/m);
    expect(sent).toMatch(told);
  });
});
