/** Really kills processes in the middle of a mailing; afterwards every recipient must have one message and one row. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';

const RECIPIENTS = 1_500;
let world: TestStack;
let faults: Faults;

beforeAll(async () => {
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker'],
    workers: TWO_WORKERS,
    env: { INBOX_MAX_MESSAGES: '100000', OCR_PROCESSES: '1' },
  });
  faults = await createFaults(world);
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

const killWorkers = (): void => faults.kill('worker-1', 'worker-2');

interface Listed {
  readonly messages: readonly { readonly id: string; readonly to: readonly string[]; readonly copies: number }[];
  readonly total: number;
}

async function inInbox(): Promise<Listed> {
  const response = await fetch(`${world.stack.addresses.inbox ?? ''}/messages?limit=10000`);
  return (await response.json()) as Listed; // what the inbox gives
}

let mailings = 0;
interface Mailing {
  readonly id: string;
  /** Domain of its recipients, its own. */
  readonly domain: string;
}

async function startBulk(): Promise<Mailing> {
  const domain = `bulk-${String((mailings += 1))}.example.com`;
  const recipients = Array.from({ length: RECIPIENTS }, (_, n) => `user-${String(n)}@${domain}`);
  const { group_id: id } = await world.client.email.sendBulk({ recipients, subject: domain, body: '<p>Hello</p>' });
  return { id, domain };
}

/** Waits until some messages are sent and others are not: the middle. */
async function untilMiddle({ id }: Mailing, share = 1 / 6): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 20) {
    const { rows } = await world.database.query<{ sent: number }>(
      `select count(*)::int as sent from email_messages where bulk_id = $1 and state = 'sent'`,
      [id],
    );
    if ((rows[0]?.sent ?? 0) >= RECIPIENTS * share) return;
    await sleep(20);
  }
  throw new TypeError('expected the bulk to get going within 60 s, it did not');
}

/** Gives how many messages the inbox got more than once. */
async function expectAllOnce({ id, domain }: Mailing): Promise<number> {
  const summary = await world.client.email.getBulk(id).result({ timeoutMs: 300_000 });
  expect(summary).toMatchObject({ total_emails: RECIPIENTS, sent: RECIPIENTS, failed: 0, duplicates: 0, pending: 0 });
  const { rows } = await world.database.query(
    `select count(*)::int as rows, count(distinct message_id)::int as messages, count(distinct recipient_hash)::int as recipients,
       count(*) filter (where state = 'sent')::int as sent from email_messages where bulk_id = $1`,
    [id],
  );
  expect(rows[0]).toEqual({ rows: RECIPIENTS, messages: RECIPIENTS, recipients: RECIPIENTS, sent: RECIPIENTS });
  const mine = (await inInbox()).messages.filter(({ to }) => to[0]?.endsWith(`@${domain}`));
  expect(mine).toHaveLength(RECIPIENTS);
  expect(new Set(mine.flatMap(({ to }) => to)).size).toBe(RECIPIENTS);
  return mine.filter(({ copies }) => copies > 1).length;
}

describe('EMAIL-4 every recipient of a bulk has one message and one row', () => {
  it.each(['email.prepareBulk', 'email.sendBulkChunk', 'email.finishBulk'])(
    'when all workers are killed in the step %s',
    async (step) => {
      const bulk = await startBulk();
      await faults.untilStep(bulk.id, step);
      killWorkers();
      await expectAllOnce(bulk);
    },
  );

  it('when all workers are killed three times in the middle of sending; few messages were under way and are repeated', async () => {
    const bulk = await startBulk();
    const kills = [1 / 6, 2 / 6, 3 / 6];
    for (const share of kills) {
      await untilMiddle(bulk, share);
      killWorkers();
    }
    const repeated = await expectAllOnce(bulk);
    // Two workers of ten connections each, and as much again that they sent since the ledger was written last.
    expect(repeated).toBeLessThanOrEqual(40 * kills.length);
  });

  it('when the mail server is killed in the middle of a bulk and comes back', async () => {
    const bulk = await startBulk();
    await untilMiddle(bulk);
    const before = faults.pidOf('inbox');
    faults.kill('inbox');
    await expectAllOnce(bulk);
    expect(faults.pidOf('inbox')).not.toBe(before);
  });

  it('when PostgreSQL is killed in the middle of a bulk', async () => {
    const bulk = await startBulk();
    await untilMiddle(bulk);
    const before = faults.pidOf('postgres');
    faults.kill('postgres');
    await expectAllOnce(bulk);
    expect(faults.pidOf('postgres')).not.toBe(before);
  });
});

/** Bytes that a process has read so far. */
function bytesRead(pid: number): number {
  return Number(/^rchar: (\d+)/m.exec(readFileSync(`/proc/${String(pid)}/io`, 'utf8'))?.[1] ?? 0);
}

describe('EMAIL-1 a message arrives once', () => {
  it('when the mail server is killed in the middle of it', async () => {
    const blobs = createBlobStore(pathToFileURL(path.join(world.inbox, '..', 'blobs')).href);
    const ref = await blobs.put('test', Buffer.alloc(14 * 1024 * 1024, 'x'));
    const pid = faults.pidOf('inbox');
    const before = bytesRead(pid);
    const attachments = [{ ref, filename: 'large.bin' }];
    const job = await world.client.email.send({
      to: 'large@example.com',
      subject: 'Large',
      body: 'See above',
      attachments,
    });
    while (bytesRead(pid) - before < 2 * 1024 * 1024) await sleep(1);
    faults.kill('inbox');
    expect(await job.result({ timeoutMs: 120_000 })).toMatchObject({ status: 'sent', recipient: 'large@example.com' });
    const found = (await inInbox()).messages.filter(({ to }) => to.includes('large@example.com'));
    expect(found).toHaveLength(1);
  });
});
