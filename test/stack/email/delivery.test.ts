/** Mail and payments through the whole product: API, Temporal server, worker, PostgreSQL and the development inbox. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import type { BulkEmailSummary } from '../../../contracts/email/schema.ts';
import { createUserStore } from '../../../services/users/postgres.ts';
import { examplesOf } from '../../support/docs/page.ts';
import { outputIn } from '../../support/docs/shell.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker', 'api'],
    env: { OCR_PROCESSES: '1', LOG_LEVEL: 'DEBUG' },
  });
});
afterAll(() => world.stop());

async function post(route: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${world.stack.addresses.api ?? ''}${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }; // every answer is an object
}

async function get(address: string): Promise<Record<string, unknown>> {
  return (await (await fetch(address)).json()) as Record<string, unknown>; // every answer is an object
}

/** Messages of the inbox to an address, once there is one. */
async function arrived(to: string): Promise<readonly { readonly id: string; readonly subject: string }[]> {
  for (let waited = 0; waited < 30_000; waited += 100) {
    const { messages } = await get(`${world.stack.addresses.inbox ?? ''}/messages?to=${encodeURIComponent(to)}`);
    const found = messages as { id: string; subject: string }[]; // as the inbox documents
    if (found.length > 0) return found;
    await sleep(100);
  }
  throw new TypeError('expected a message to arrive within 30 s, none did');
}

async function textOf(id: string): Promise<string> {
  const { text } = await get(`${world.stack.addresses.inbox ?? ''}/messages/${id}`);
  return String(text);
}

/** What is known of payments, with the subscription of the user. */
async function payments(): Promise<{ readonly rows: unknown }> {
  const { rows } = await world.database.query(
    `select o.kind, o.status, o.amount, u.subscription_status as "ofUser", u.subscription_until > now() as "isPaid"
     from billing_objects o join users u on u.billing_customer = o.customer_id where u.id = 'ada' order by o.kind`,
  );
  return { rows };
}

it('BILL-1 BILL-2 a customer and a subscription of the local provider, as docs/billing.md makes them, reach the user', async () => {
  await createUserStore(world.database).put([{ id: 'ada', email: 'ada@private.example' }]);
  const [example, ...others] = examplesOf('docs/billing.md');
  expect(others).toEqual([]);
  const inbox = world.stack.addresses.inbox ?? '';
  const said = await outputIn(projectDir, (example?.code ?? '').replace('http://127.0.0.1:8025', inbox));
  expect(said).toContain('"object":"subscription"');
  // The customer, the subscription, its invoice and its charge.
  await expect
    .poll(async () => (await world.database.query('select state from billing_events')).rows)
    .toEqual(Array.from({ length: 4 }, () => ({ state: 'pending' })));
  const run = await world.client.tasks.call('billing.processPendingWebhooks', {});
  expect(await run.result({ timeoutMs: 60_000 })).toEqual({ applied: 4, outdated: 0, unknown: 0, unreadable: 0 });
  const user = { ofUser: 'active', isPaid: true };
  expect(await payments()).toEqual({
    rows: [
      { kind: 'charge', status: 'succeeded', amount: '1250', ...user },
      { kind: 'customer', status: 'active', amount: null, ...user },
      { kind: 'invoice', status: 'paid', amount: '1250', ...user },
      { kind: 'subscription', status: 'active', amount: null, ...user },
    ],
  });
});

describe('EMAIL-1 EMAIL-9 mail of the running product', () => {
  it('is started over HTTP, arrives in the inbox, and the API says so', async () => {
    const started = await post('/v1/emails', {
      to: 'ann@private.example',
      subject: 'Your figures',
      body: 'Forty-two.',
    });
    expect(started).toMatchObject({ status: 202, body: { status: 'queued' } });
    const [message] = await arrived('ann@private.example');
    expect(message?.subject).toBe('Your figures');
    expect(await textOf(message?.id ?? '')).toContain('Forty-two.');
    const job = `${world.stack.addresses.api ?? ''}/v1/emails/${String(started.body['task_id'])}`;
    await expect
      .poll(() => get(job), { timeout: 10_000 })
      .toMatchObject({ status: 'completed', result: { status: 'sent' } });
  });

  it('EMAIL-5 EMAIL-2 a new user gets a profile, a welcome and a link to the port that the API has', async () => {
    const user = { userId: 'u-1', email: 'new@private.example', name: 'New', verificationToken: 'tok/en+1' };
    expect((await post('/v1/emails/onboarding', user)).status).toBe(202);
    await expect
      .poll(async () => (await arrived('new@private.example')).map(({ subject }) => subject).sort(), {
        timeout: 20_000,
      })
      .toEqual(['Verify Your Email', 'Welcome']);
    const verify = (await arrived('new@private.example')).find(({ subject }) => subject.startsWith('Verify'));
    expect(await textOf(verify?.id ?? '')).toContain(`${world.stack.addresses.api ?? ''}/verify?token=tok%2Fen%2B1`);
    const { rows } = await world.database.query('select id, email from users');
    expect(rows).toContainEqual({ id: 'u-1', email: 'new@private.example' });
  });

  it('EMAIL-4 a bulk has one outcome for each recipient, also by page', async () => {
    const recipients = [
      ...Array.from({ length: 30 }, (_, n) => `r${String(n)}@private.example`),
      'wrong',
      'R1@private.example',
    ];
    const queued = await post('/v1/emails/bulk', { recipients, subject: 'News', body: '<p>News</p>' });
    expect(queued.body).toMatchObject({ status: 'queued', total_emails: 32 });
    const id = String(queued.body['group_id']);
    const summary: BulkEmailSummary = await world.client.email.getBulk(id).result({ timeoutMs: 60_000 });
    expect(summary).toMatchObject({ total_emails: 32, sent: 30, failed: 1, duplicates: 1, pending: 0 });
    const outcomes = `${world.stack.addresses.api ?? ''}/v1/emails/bulk/${id}/outcomes?limit=29`;
    const first = (await get(outcomes)) as unknown as { nextCursor: string };
    const page = await get(`${outcomes}&cursor=${first.nextCursor}`);
    expect(page).toMatchObject({
      items: [{ position: 29, status: 'sent' }, { position: 30, status: 'failed' }, { position: 31 }],
    });
  });

  it('SEC-5 a wrong input is told by field, and neither logs nor failures hold addresses, texts or tokens', async () => {
    const wrong = await post('/v1/emails', {
      to: 'ann@private.example',
      subject: 'a\r\nBcc: b@private.example',
      body: 'x',
    });
    expect(wrong).toMatchObject({
      status: 400,
      body: { failure: { type: 'InvalidInput' }, errors: [{ field: 'subject' }] },
    });
    const folder = path.join(world.inbox, '..', 'logs');
    const logs = readdirSync(folder)
      .filter((name) => /^(worker|api|inbox)/.test(name))
      .map((name) => readFileSync(path.join(folder, name), 'utf8'))
      .join('\n');
    expect(logs).toContain('email.send');
    expect(logs).not.toMatch(/private\.example|Forty-two|tok\/en|tok%2F|Your figures/);
  });
});
