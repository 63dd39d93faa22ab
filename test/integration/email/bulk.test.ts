/** Bulk, digest and reminders through the real activities, ledger and SMTP pool. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type {
  BulkEmailInput,
  BulkEmailSummary,
  ChunkOutcome,
  PrepareBulkOutput,
  UserSliceOutput,
} from '../../../contracts/email/schema.ts';
import { failureOf, emailTests } from '../../support/email-tests.ts';
import type { EmailWorld } from '../../support/email.ts';
import { parsed, startTestSmtp } from '../../support/servers/smtp.ts';

const tests = emailTests();

let bulks = 0;
const newBulk = (): string => `bulk-email-test-${String((bulks += 1))}`;
const content = { subject: 'News', body: '<p>Hello</p>' };

interface Bulk {
  readonly id: string;
  readonly prepared: PrepareBulkOutput;
  send(round?: number, attempt?: number): Promise<ChunkOutcome>;
  finish(): Promise<BulkEmailSummary>;
}

async function prepare(world: EmailWorld, input: Partial<BulkEmailInput>): Promise<Bulk> {
  const id = newBulk();
  // what the task's schema says
  const prepared = (await world.run('email.prepareBulk', {
    bulkId: id,
    input: { ...content, ...input },
  })) as PrepareBulkOutput;
  const { recipients, message, total } = prepared;
  const chunk = { bulkId: id, recipients, message, first: 0, count: Math.max(1, total) };
  return {
    id,
    prepared,
    send: async (round = 1, attempt = 1) =>
      (await world.run('email.sendBulkChunk', { ...chunk, round }, attempt)) as ChunkOutcome, // as above
    finish: async () => (await world.run('email.finishBulk', { bulkId: id, total })) as BulkEmailSummary, // as above
  };
}

async function states(bulkId: string): Promise<string[]> {
  const { rows } = await tests.test.db.query<{ state: string }>(
    'select state from email_messages where bulk_id = $1 order by position',
    [bulkId],
  );
  return rows.map(({ state }) => state);
}

const addresses = (count: number): string[] => Array.from({ length: count }, (_, n) => `u${String(n)}@example.com`);

describe('EMAIL-4 bulk', () => {
  it('sends HTML to each recipient in parallel, within the connections of the pool, and gives one outcome each', async () => {
    const { smtp, world } = await tests.setUp({ delayMs: 20 }, { connections: 4 });
    const bulk = await prepare(world, { recipients: addresses(40) });
    expect(await bulk.send()).toMatchObject({ sent: 40, failed: 0, deferred: 0 });
    expect(smtp.connections.most).toBe(4);
    expect(smtp.received.map(({ to }) => to).sort()).toEqual(addresses(40).sort());
    const email = await parsed(smtp.received[0]);
    expect(email).toMatchObject({ subject: 'News', html: expect.stringContaining('<p>Hello</p>') as string });
    expect(email.text?.trim()).toBe('Hello');
    expect(email.headers.find(({ key }) => key === 'precedence')?.value).toBe('bulk');
    expect(new Set(smtp.received.map(({ messageId }) => messageId)).size).toBe(40);
    const summary = await bulk.finish();
    expect(summary).toMatchObject({ status: 'finished', total_emails: 40, sent: 40, failed: 0, pending: 0 });
    expect(summary.outcomes?.map(({ position }) => position)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('one bad recipient never fails the others: invalid, refused and repeated ones have their own outcome', async () => {
    const { smtp, world } = await tests.setUp({
      recipient: (address) => (address.startsWith('gone') ? { code: 550, text: '5.1.1 no such user' } : undefined),
    });
    const recipients = [
      'good@example.com',
      'not an address',
      'gone@example.com',
      'GOOD@example.com',
      'evil@example.com\r\nBcc: all@example.com',
      '',
      'also@example.com',
      'Ann <ann@müller.de>',
      'ann@XN--mller-kva.de',
    ];
    const bulk = await prepare(world, { recipients });
    expect(await bulk.send()).toEqual({ sent: 3, failed: 4, duplicates: 2, deferred: 0, againAfterMs: 0 });
    // The test server shows international domains as people write them.
    const reached = ['also@example.com', 'ann@müller.de', 'good@example.com'];
    expect(smtp.received.map(({ to }) => to).sort()).toEqual(reached);
    const { outcomes, ...summary } = await bulk.finish();
    expect(summary).toMatchObject({ sent: 3, failed: 4, duplicates: 2, pending: 0 });
    expect(outcomes?.map(({ status, failure }) => failure?.type ?? status)).toEqual([
      'sent',
      'InvalidRecipient',
      'RecipientRejected',
      'DuplicateRecipient',
      'InvalidRecipient',
      'InvalidRecipient',
      'sent',
      'sent',
      'DuplicateRecipient',
    ]);
    expect(JSON.stringify(outcomes)).not.toMatch(/good|gone|also|evil/);
  });

  it('IDEM-4 a second run of a chunk sends nothing', async () => {
    const { smtp, world } = await tests.setUp();
    const bulk = await prepare(world, { recipients: addresses(10) });
    const first = await bulk.send();
    expect(await bulk.send(1, 2)).toEqual(first);
    expect(smtp.received).toHaveLength(10);
  });

  it('RETRY-2 who asks to wait is sent to in the next round, and only they; the last round gives up', async () => {
    const { smtp, world } = await tests.setUp({
      recipient: (address, attempt) => {
        if (address === 'u1@example.com' && attempt === 1) return { code: 450, text: '4.7.1 greylisted' };
        return address === 'u2@example.com' ? { code: 452, text: '4.2.2 mailbox full' } : undefined;
      },
    });
    const bulk = await prepare(world, { recipients: addresses(4) });
    expect(await bulk.send(1)).toEqual({ sent: 2, failed: 0, duplicates: 0, deferred: 2, againAfterMs: 300_000 });
    expect(await bulk.send(2)).toEqual({ sent: 3, failed: 0, duplicates: 0, deferred: 1, againAfterMs: 120_000 });
    expect(await bulk.send(6)).toEqual({ sent: 3, failed: 1, duplicates: 0, deferred: 0, againAfterMs: 0 });
    expect([...smtp.asked.entries()].sort().map(([, times]) => times)).toEqual([1, 2, 3, 1]);
    expect((await bulk.finish()).outcomes?.map(({ failure }) => failure?.type)).toEqual([
      undefined,
      undefined,
      'EmailDeferred',
      undefined,
    ]);
  });

  it('a message at which the server hangs up holds up nobody else, and goes out in the next round', async () => {
    const { smtp, world } = await tests.setUp(
      { cut: ({ to }, attempt) => to === 'u4@example.com' && attempt === 1 },
      { connections: 1 },
    );
    const bulk = await prepare(world, { recipients: addresses(10) });
    expect(await bulk.send()).toMatchObject({ sent: 9, deferred: 1, againAfterMs: 60_000 });
    expect(await bulk.send(2)).toMatchObject({ sent: 10, deferred: 0 });
    expect(smtp.received).toHaveLength(11);
    expect(new Set(smtp.received.map(({ messageId }) => messageId)).size).toBe(10);
  });

  it('a mail server that is away fails the attempt and the next one goes on; the last attempt tells each recipient', async () => {
    const { smtp, world } = await tests.setUp({}, { connections: 1 });
    await smtp.stop();
    const bulk = await prepare(world, { recipients: addresses(10) });
    expect(await failureOf(bulk.send())).toMatchObject({ type: 'EmailServerUnavailable', nextRetryDelay: 60_000 });
    expect(await states(bulk.id)).toEqual(Array<string>(10).fill('deferred'));
    const back = await startTestSmtp({ port: smtp.port });
    expect(await bulk.send(1, 2)).toMatchObject({ sent: 10 });
    expect(back.received).toHaveLength(10);
    await back.stop();

    const late = await prepare(world, { recipients: addresses(5) });
    expect(await late.send(1, 6)).toMatchObject({ sent: 0, failed: 5 });
    expect((await late.finish()).outcomes?.map(({ failure }) => failure?.type)).toEqual(
      Array(5).fill('EmailServerUnavailable'),
    );
  });

  it('a wrong password ends a bulk at the first message, and every recipient is kept for later', async () => {
    const { smtp } = await tests.setUp({ user: { name: 'me', password: 'right' } });
    const { world } = await tests.setUp({}, { url: smtp.url.replace('right', 'wrong'), connections: 1 });
    const bulk = await prepare(world, { recipients: addresses(50) });
    expect(await failureOf(bulk.send())).toMatchObject({ type: 'EmailAuthFailed', nonRetryable: true });
    expect(await states(bulk.id)).toEqual(Array<string>(50).fill('deferred'));
    expect((await bulk.finish()).pending).toBe(50);
  });

  it('takes lists of up to 100,000 by manifest and refuses longer, empty and broken ones', async () => {
    const { world } = await tests.setUp();
    const manifestOf = (lines: readonly string[]) => world.blobs.put('manifests', Readable.from([lines.join('\n')]));
    const line = (n: number): string => JSON.stringify({ to: `u${String(n)}@example.com` });
    const many = Array.from({ length: 100_000 }, (_, n) => line(n));
    const bulk = await prepare(world, { manifest: await manifestOf([...many, '']) });
    expect(bulk.prepared.total).toBe(100_000);
    for (const lines of [[...many, line(100_000)], [''], ['u1@example.com'], ['{"email": "x@example.com"}']]) {
      const failure = await failureOf(prepare(world, { manifest: await manifestOf(lines) }));
      expect(failure).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
    }
  });

  it('more than 500 outcomes travel by reference, one line each in the order of the list', async () => {
    const { world } = await tests.setUp();
    const bulk = await prepare(world, { recipients: addresses(501) });
    await bulk.send();
    const { outcomes, outcomesRef } = await bulk.finish();
    expect(outcomes).toBeUndefined();
    if (outcomesRef === undefined) throw new TypeError('expected a reference to the outcomes');
    const parts: Buffer[] = [];
    for await (const part of await world.blobs.open(outcomesRef)) parts.push(Buffer.from(part as Uint8Array)); // bytes
    const lines = Buffer.concat(parts).toString().trim().split('\n');
    expect(lines).toHaveLength(501);
    expect(JSON.parse(lines[500] ?? '')).toMatchObject({ position: 500, status: 'sent' });
  });

  it('an attachment outside the folder fails before anything is sent', async () => {
    const { world } = await tests.setUp();
    const failure = await failureOf(
      prepare(world, { recipients: addresses(2), attachments: [{ path: '/etc/passwd' }] }),
    );
    expect(failure).toMatchObject({ type: 'AttachmentNotAllowed', nonRetryable: true });
  });
});

describe('mailings over all users', () => {
  const week = { from: '2026-11-13T00:00:00.000Z', until: '2026-11-20T00:00:00.000Z' };

  it('EMAIL-6 the digest tells each user what was read for them in the week, once, and leaves out who does not want it', async () => {
    const { smtp, world } = await tests.setUp();
    await world.users.put([
      { id: 'd-1', email: 'd1@example.com', name: '<b>Ann</b>', timeZone: 'America/New_York' },
      { id: 'd-2', email: 'd2@example.com', wantsDigest: false },
      { id: 'd-3', email: 'd3@example.com' },
    ]);
    await tests.test.db.query(
      `insert into documents (id, user_id, name, file_path, status, pages, ocr_result, ocr_confidence, processing_completed_at, error_type, created_at)
       values (gen_random_uuid(), 'd-1', 'a', '/a', 'completed', 3, '{}', 0.9, now(), null, '2026-11-13T00:00:00Z'),
              (gen_random_uuid(), 'd-1', 'b', '/b', 'failed', null, null, null, null, 'CorruptDocument', '2026-11-19T23:59:59Z'),
              (gen_random_uuid(), 'd-1', 'c', '/c', 'completed', 9, '{}', 0.9, now(), null, '2026-11-20T00:00:00Z')`,
    );
    const slice = { after: '', limit: 500, round: 1, ...week };
    const first = (await world.run('email.sendDigests', slice)) as UserSliceOutput; // what the task's schema says
    expect(first).toMatchObject({ users: 2, sent: 2, failed: 0, next: null });
    await world.run('email.sendDigests', slice, 2);
    expect(smtp.received.map(({ to }) => to).sort()).toEqual(['d1@example.com', 'd3@example.com']);
    const email = await parsed(smtp.received.find(({ to }) => to === 'd1@example.com'));
    expect(email.text).toMatch(/Hello <b>Ann<\/b>,/);
    expect(email.html).toContain('Hello &lt;b&gt;Ann&lt;/b&gt;,');
    expect(email.text).toMatch(
      /2026-11-12 to 2026-11-19[\s\S]*Documents read: 1[\s\S]*Pages: 3[\s\S]*could not be read: 1/,
    );
    const other = await parsed(smtp.received.find(({ to }) => to === 'd3@example.com'));
    expect(other.text).toContain('No documents were read for you');
  });

  it('EMAIL-7 reminders go to inactive users only, once for each time of absence, slice by slice', async () => {
    const { smtp, world } = await tests.setUp();
    const day = (n: number): string => new Date(Date.parse('2026-11-20T11:00:00Z') - n * 86_400_000).toISOString();
    await tests.test.db.query('delete from users');
    await world.users.put([
      { id: 'r-1', email: 'r1@example.com', lastActiveAt: day(31) },
      { id: 'r-2', email: 'r2@example.com', lastActiveAt: day(29) },
      { id: 'r-3', email: 'r3@example.com', lastActiveAt: day(45), wantsReminders: false },
      { id: 'r-4', email: 'r4@example.com', lastActiveAt: day(400) },
    ]);
    const send = async (now: string, after = ''): Promise<UserSliceOutput> =>
      (await world.run('email.sendReminders', { after, limit: 1, round: 1, now })) as UserSliceOutput; // as above
    expect(await send(day(0))).toMatchObject({ sent: 1, next: 'r-1' });
    expect(await send(day(0), 'r-1')).toMatchObject({ sent: 1, next: 'r-4' });
    expect(await send(day(0), 'r-4')).toMatchObject({ users: 0, next: null });
    expect(smtp.received.map(({ to }) => to)).toEqual(['r1@example.com', 'r4@example.com']);
    expect((await parsed(smtp.received[0])).text).toContain('31 days ago');
    // The next day nobody is reminded again; after a new absence they are.
    await send(day(-1));
    expect(smtp.received).toHaveLength(2);
    await world.users.put([{ id: 'r-1', email: 'r1@example.com', lastActiveAt: day(-10) }]);
    await send(day(-41));
    expect(smtp.received.map(({ to }) => to)).toEqual(['r1@example.com', 'r4@example.com', 'r1@example.com']);
  });
});
