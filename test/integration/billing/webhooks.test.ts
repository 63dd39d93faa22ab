/** What the provider of payments tells: over real sockets, signed, stored once, and applied in its order. */
import { describe, expect, it } from 'vitest';
import { eventOf, signatureOf } from '../../../stack/inbox/payments/events.ts';
import { newCharge, newCustomer, newDispute, newSubscription } from '../../../stack/inbox/payments/objects.ts';
import type { PaymentObject } from '../../../stack/inbox/payments/store.ts';
import { createUserStore } from '../../../services/users/postgres.ts';
import { failureOf } from '../../support/email-tests.ts';
import { billingTests, eventAt, SECRET } from '../../support/billing.ts';

const tests = billingTests();
const now = (): number => Math.floor(Date.now() / 1000);
const AT = 1_790_000_000;

const subscription = (fields: object = {}, customer = 'cus_1'): PaymentObject => ({
  ...newSubscription(new Map([['customer', customer]])),
  ...fields,
});
const states = (): Promise<readonly Record<string, unknown>[]> =>
  tests.rows('select event_id as id, state from billing_events order by event_id');
const statusOf = async (id: string): Promise<unknown> =>
  (await tests.rows('select status from billing_objects where object_id = $1', [id]))[0]?.['status'];

describe('an event is stored', () => {
  it('BILL-1 once, however often it is told, and applied by the next run', async () => {
    const { tell, run } = await tests.setUp();
    const event = eventOf('customer.subscription.created', subscription());
    for (let time = 0; time < 3; time += 1) expect(await tell(event)).toBe(204);
    expect(await states()).toEqual([{ id: event.id, state: 'pending' }]);
    const counts = await run('billing.processPendingWebhooks', {});
    expect(counts).toEqual({ applied: 1, outdated: 0, unknown: 0, unreadable: 0 });
    expect(await statusOf(event.data.object.id)).toBe('active');
    expect(await tell(event)).toBe(204);
    expect(await run('billing.processPendingWebhooks', {})).toMatchObject({ applied: 0 });
  });

  it('once also when it is told many times at once', async () => {
    const { tell, run } = await tests.setUp();
    const event = eventOf('customer.subscription.created', subscription());
    const others = Array.from({ length: 30 }, () => eventOf('customer.subscription.created', subscription()));
    const told = [...others, ...Array.from({ length: 30 }, () => event)].map((one) => tell(one));
    expect(new Set(await Promise.all(told))).toEqual(new Set([204]));
    expect(await run('billing.processPendingWebhooks', {})).toMatchObject({ applied: 31 });
  });

  it('and cannot be read in the database: neither who pays nor a card', async () => {
    const { tell, run } = await tests.setUp();
    const customer = newCustomer(new Map([['email', 'ada@example.com']]));
    const card = { id: 'pm_1', object: 'payment_method', created: AT, card: { brand: 'card-of-ada' } };
    await tell(eventOf('customer.created', customer));
    await tell(eventOf('payment_method.attached', card));
    const bytes = async (): Promise<string> =>
      JSON.stringify(await tests.rows('select encode(sealed, $1), e.*  from billing_events e', ['escape']));
    expect(await bytes()).not.toMatch(/ada@example|card-of-ada/);
    await run('billing.processPendingWebhooks', {});
    expect(await tests.rows('select event_type, state, sealed is null as gone from billing_events order by 1')).toEqual(
      [
        { event_type: 'customer.created', state: 'applied', gone: true },
        { event_type: 'payment_method.attached', state: 'unknown', gone: false },
      ],
    );
    expect(JSON.stringify(await tests.rows('select * from billing_objects'))).not.toContain('ada@example');
    expect(tests.logged.join()).not.toMatch(/ada@example|card-of-ada/);
  });
});

describe('an event is refused', () => {
  const event = eventOf('customer.subscription.created', subscription());
  const body = JSON.stringify(event);
  it.each([
    ['without a signature', body, ''],
    ['with one that is no signature', body, 'not a signature'],
    ['signed with another secret', body, signatureOf('whsec_another_secret', body, now())],
    ['with the signature of another body', body.replace('active', 'canceled'), signatureOf(SECRET, body, now())],
    ['with a byte more', `${body} `, signatureOf(SECRET, body, now())],
    ['recorded five minutes ago', body, signatureOf(SECRET, body, now() - 301)],
    ['signed with an older scheme', body, signatureOf(SECRET, body, now()).replace('v1=', 'v0=')],
  ])('%s', async (_what, sent, signature) => {
    const { tell } = await tests.setUp();
    expect(await tell(sent, signature)).toBe(403);
    expect(await states()).toEqual([]);
  });

  it.each([
    ['what is no event', '{"object":"event"}', 400],
    ['what is no JSON', 'event', 400],
    ['what is longer than any event', `{"x":"${'x'.repeat(1_000_000)}"}`, 413],
  ])('when it is signed, and %s', async (_what, sent, status) => {
    const { tell } = await tests.setUp();
    expect(await tell(sent)).toBe(status);
    expect(await states()).toEqual([]);
  });

  it('is taken shortly before its signature is too old', async () => {
    const { tell } = await tests.setUp();
    expect(await tell(body, signatureOf(SECRET, body, now() - 290))).toBe(204);
  });
});

describe('events of one object are applied in the order in which they happened', () => {
  const created = subscription({ status: 'incomplete' });
  const events = [
    eventAt(AT, 'customer.subscription.created', created),
    eventAt(AT + 10, 'customer.subscription.updated', { ...created, status: 'active' }),
    eventAt(AT + 20, 'customer.subscription.updated', { ...created, status: 'past_due' }),
    eventAt(AT + 30, 'customer.subscription.deleted', { ...created, status: 'canceled' }),
  ] as const;

  it.each([
    ['in their order', [0, 1, 2, 3]],
    ['from the end', [3, 2, 1, 0]],
    ['mixed', [2, 0, 3, 1]],
  ])('%s, told together', async (_what, order) => {
    const { tell, run } = await tests.setUp();
    for (const at of order) await tell(events[at as 0]);
    expect(await run('billing.processPendingWebhooks', {})).toMatchObject({ applied: 4, outdated: 0 });
    expect(await statusOf(created.id)).toBe('canceled');
  });

  it('also when an older one comes after a newer one was applied', async () => {
    const { tell, run } = await tests.setUp();
    const seen: unknown[] = [];
    for (const at of [1, 0, 3, 2] as const) {
      await tell(events[at]);
      await run('billing.processPendingWebhooks', {});
      seen.push(await statusOf(created.id));
    }
    expect(seen).toEqual(['active', 'active', 'canceled', 'canceled']);
    expect((await states()).map(({ state }) => state).toSorted()).toEqual([
      'applied',
      'applied',
      'outdated',
      'outdated',
    ]);
  });

  it('of two in one second, what the provider says now is kept', async () => {
    const { tell, run, store } = await tests.setUp();
    await store.put([{ ...created, status: 'past_due' }]);
    await tell(eventAt(AT, 'customer.subscription.updated', { ...created, status: 'past_due' }));
    await tell(eventAt(AT, 'customer.subscription.updated', { ...created, status: 'active' }));
    expect(await run('billing.processPendingWebhooks', {})).toMatchObject({ applied: 2 });
    expect(await statusOf(created.id)).toBe('past_due');
  });

  it('who cannot be asked about two in one second keeps no other customer waiting', async () => {
    const { tell, run } = await tests.setUp(undefined, 'http://127.0.0.1:9');
    const other = subscription({}, 'cus_2');
    await tell(eventAt(AT, 'customer.subscription.updated', { ...created, status: 'past_due' }));
    await tell(eventAt(AT, 'customer.subscription.updated', { ...created, status: 'active' }));
    await tell(eventAt(AT, 'customer.subscription.created', other));
    expect(await failureOf(run('billing.processPendingWebhooks', {}))).toMatchObject({ type: 'BackendUnavailable' });
    expect(await statusOf(other.id)).toBe('active');
    expect(await tests.rows(`select count(*)::integer as open from billing_events where state = 'pending'`)).toEqual([
      { open: 2 },
    ]);
  });
});

it('a dispute is noted, with the charge that it is about and the time to answer it', async () => {
  const { tell, run } = await tests.setUp();
  const charge = newCharge(
    new Map([
      ['customer', 'cus_1'],
      ['amount', '500'],
      ['currency', 'jpy'],
    ]),
  );
  const dispute = newDispute(charge);
  await tell(eventAt(AT, 'charge.dispute.created', dispute));
  await run('billing.processPendingWebhooks', {});
  const [row] = await tests.rows('select * from billing_objects');
  expect(row).toMatchObject({
    kind: 'dispute',
    parent_id: charge.id,
    status: 'needs_response',
    amount: '500',
    currency: 'jpy',
    detail: 'fraudulent',
  });
  expect(row?.['ends_at']).toBeInstanceOf(Date);
});

describe('events that mean nothing here', () => {
  it('are kept: unknown types, announced invoices, and objects of another form', async () => {
    const { tell, run } = await tests.setUp();
    await tell(eventAt(AT, 'payout.paid', { id: 'po_1', object: 'payout', created: AT }));
    const announced: unknown = { object: 'invoice', customer: 'cus_1', total: 5, created: AT };
    await tell(eventAt(AT, 'invoice.upcoming', announced as PaymentObject)); // it has no id
    await tell(eventAt(AT, 'charge.succeeded', { id: 'ch_1', object: 'charge', created: AT, amount: 'twelve' }));
    expect(await run('billing.processPendingWebhooks', {})).toEqual({
      applied: 0,
      outdated: 0,
      unknown: 2,
      unreadable: 1,
    });
    expect(
      await tests.rows('select state, sealed is not null as kept from billing_events order by event_type'),
    ).toEqual([
      { state: 'unreadable', kept: true },
      { state: 'unknown', kept: true },
      { state: 'unknown', kept: true },
    ]);
  });
});

describe('BILL-2 the state of subscriptions is copied to the user', () => {
  const user = async (id: string): Promise<unknown> =>
    (
      await tests.rows('select billing_customer as customer, subscription_status as status from users where id = $1', [
        id,
      ])
    )[0];

  it('by events, once the customer names its user', async () => {
    const { tell, run } = await tests.setUp();
    await createUserStore(tests.test.db).put([{ id: 'ada', email: 'ada@example.com' }]);
    const customer = newCustomer(new Map([['metadata[user_id]', 'ada']]));
    const first = subscription({ status: 'past_due' }, customer.id);
    const second = subscription({}, customer.id);
    await tell(eventAt(AT, 'customer.subscription.created', first));
    await tell(eventAt(AT + 5, 'customer.created', customer));
    await run('billing.processPendingWebhooks', {});
    expect(await user('ada')).toEqual({ customer: customer.id, status: 'past_due' });
    await tell(eventAt(AT + 10, 'customer.subscription.created', second));
    await run('billing.processPendingWebhooks', {});
    expect(await user('ada')).toMatchObject({ status: 'active' });
    await tell(eventAt(AT + 20, 'customer.subscription.deleted', { ...second, status: 'canceled' }));
    await tell(eventAt(AT + 20, 'customer.subscription.deleted', { ...first, status: 'canceled' }));
    await run('billing.processPendingWebhooks', {});
    expect(await user('ada')).toMatchObject({ status: 'canceled' });
  });

  it('by asking the provider, also for a customer of whom nothing was told', async () => {
    const { run, store } = await tests.setUp();
    await createUserStore(tests.test.db).put([{ id: 'bob', email: 'bob@example.com' }]);
    const many = Array.from({ length: 120 }, () => subscription({ status: 'canceled' }, 'cus_bob'));
    const active = { ...subscription({}, 'cus_bob'), created: 1 };
    await store.put([...many, active]);
    const result = await run('billing.syncSubscriptionStatus', { userId: 'bob', customerId: 'cus_bob' });
    expect(result).toMatchObject({ status: 'synced', user_id: 'bob', subscription_status: 'active' });
    expect(await user('bob')).toEqual({ customer: 'cus_bob', status: 'active' });
    await store.put([{ ...active, status: 'canceled' }]);
    expect(await run('billing.syncSubscriptionStatus', { userId: 'bob' })).toMatchObject({
      subscription_status: 'canceled',
    });
  });

  it.each([
    ['a user that nobody has', { userId: 'nobody', customerId: 'cus_x' }, 'UserMissing'],
    ['a user without a customer', { userId: 'eve' }, 'BillingCustomerMissing'],
    ['the customer of another user', { userId: 'eve', customerId: 'cus_owned' }, 'ForeignBillingObject'],
    ['a second customer', { userId: 'owner', customerId: 'cus_other' }, 'ForeignBillingObject'],
    ['what is no customer', { userId: 'eve', customerId: 'ch_1' }, 'InvalidInput'],
    ['a name that is no id', { userId: 'eve', customerId: "cus_1'; drop table users" }, 'InvalidInput'],
  ])('not for %s', async (_what, input, type) => {
    const { run } = await tests.setUp();
    await createUserStore(tests.test.db).put([
      { id: 'eve', email: 'eve@example.com' },
      { id: 'owner', email: 'owner@example.com' },
    ]);
    await tests.rows(`update users set billing_customer = 'cus_owned' where id = 'owner'`);
    expect(await failureOf(run('billing.syncSubscriptionStatus', input))).toMatchObject({ type, nonRetryable: true });
  });
});
