/** Refunds through the real activity, ledger and official client, over a real socket. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { limitsOfCall } from '../../../contracts/limits/vocabulary.ts';
import { billingTasks } from '../../../contracts/billing/tasks.ts';
import { retries } from '../../../contracts/tasks/retries.ts';
import { Refusal } from '../../../stack/inbox/payments/handlers.ts';
import { newCharge } from '../../../stack/inbox/payments/objects.ts';
import { createPaymentProvider } from '../../../stack/inbox/payments/provider.ts';
import { openPaymentStore, type PaymentObject } from '../../../stack/inbox/payments/store.ts';
import { failureOf } from '../../support/email-tests.ts';
import { type BillingWorld, billingTests, KEY } from '../../support/billing.ts';

const tests = billingTests();

const charge = (amount: number, currency = 'eur'): PaymentObject =>
  newCharge(
    new Map([
      ['customer', 'cus_1'],
      ['amount', String(amount)],
      ['currency', currency],
    ]),
  );

async function world(one: PaymentObject, script?: Parameters<typeof tests.setUp>[0]): Promise<BillingWorld> {
  const made = await tests.setUp(script);
  await made.store.put([one]);
  return made;
}
const refunds = ({ store }: BillingWorld): readonly PaymentObject[] => store.list('refund', () => true);
const input = (one: PaymentObject, fields: object = {}): object => ({
  customerId: 'cus_1',
  chargeId: one.id,
  currency: 'eur',
  refundKey: 'order-7',
  ...fields,
});

describe('a charge is given back', () => {
  it('BILL-4 IDEM-4 once for each key: a second call, and ten at once, get the result of the first', async () => {
    const one = charge(5_000);
    const made = await world(one);
    const calls = Array.from({ length: 10 }, (_, at) =>
      made.run('billing.refund', input(one, { amount: '12.50' }), 1, `call-${String(at)}`),
    );
    const results = (await Promise.all(calls)) as { refund_id: string; repeated: boolean }[]; // what its schema says
    expect(new Set(results.map(({ refund_id }) => refund_id)).size).toBe(1);
    expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(refunds(made)).toMatchObject([{ amount: 1_250, charge: one.id, status: 'succeeded' }]);
    expect(await tests.rows('select kind, customer_id, parent_id, amount from billing_objects')).toEqual([
      { kind: 'refund', customer_id: 'cus_1', parent_id: one.id, amount: '1250' },
    ]);
  });

  it('as a whole where no amount is given, and what is left of it', async () => {
    const one = charge(500, 'jpy');
    const made = await world(one);
    const yen = { currency: 'jpy' };
    expect(await made.run('billing.refund', input(one, { ...yen, amount: '120' }))).toMatchObject({ amount: '120' });
    expect(await made.run('billing.refund', input(one, { ...yen, refundKey: 'rest' }))).toMatchObject({
      amount: '380',
    });
    expect(made.store.find(one.id)).toMatchObject({ amount_refunded: 500, refunded: true });
  });

  it('tries eleven times, and one at a time for each customer with whatever else is done for it', () => {
    expect(billingTasks.refund.retry).toBe(retries.billing);
    expect(billingTasks.refund.retry).toMatchObject({ attempts: 11, maxDelayMs: 1_800_000 });
    const keys = [billingTasks.refund, billingTasks.sendInvoice].map((task) =>
      limitsOfCall(task, { customerId: 'cus_1' }, undefined).map(({ key, concurrency, rate }) => ({
        key,
        concurrency,
        rate,
      })),
    );
    expect(keys[0]).toEqual(keys[1]);
    expect(keys[0]).toEqual([
      { key: 'shared:billing/customerId:cus_1', concurrency: 1 },
      { key: 'shared:provider:stripe', rate: { count: 8, perMs: 1_000 } },
    ]);
  });
});

it('IDEM-4 two requests that reach the provider at once under one key are one refund, whatever looked before', async () => {
  const one = charge(5_000);
  const made = await world(one);
  const request = { chargeId: one.id, amount: 1_250, reason: undefined, key: 'order-8' };
  const [first, second] = await Promise.all([made.stripe.refund(request), made.stripe.refund(request)]);
  expect(first.facts).toEqual(second.facts);
  expect(refunds(made)).toHaveLength(1);
});

describe('nothing is given back', () => {
  it.each([
    ['above the charge', { amount: '50.01' }, 'RefundAboveCharge'],
    ['in another currency', { amount: '5.00', currency: 'usd' }, 'WrongCurrency'],
    ['with cents in a currency without', { amount: '5.50', currency: 'jpy' }, 'InvalidAmount'],
    ['of nothing', { amount: '0.00' }, 'InvalidAmount'],
    ['of less than nothing', { amount: '-5.00' }, 'InvalidAmount'],
    ['of another customer', { customerId: 'cus_2' }, 'ForeignBillingObject'],
    ['of a charge that nobody knows', { chargeId: 'ch_unknown' }, 'BillingObjectMissing'],
    ['of what is no charge', { chargeId: 'in_1' }, 'InvalidInput'],
    ['with a number for an amount', { amount: 5 }, 'InvalidInput'],
    ['in what is no currency', { currency: 'EURO' }, 'InvalidInput'],
  ])('%s', async (_what, fields, type) => {
    const one = charge(5_000);
    const made = await world(one);
    expect(await failureOf(made.run('billing.refund', input(one, fields)))).toMatchObject({ type, nonRetryable: true });
    expect(refunds(made)).toEqual([]);
  });

  it('twice: after the whole charge, another key is refused, and says that nothing is left', async () => {
    const one = charge(5_000);
    const made = await world(one);
    await made.run('billing.refund', input(one));
    const failure = await failureOf(made.run('billing.refund', input(one, { refundKey: 'other', amount: '0.01' })));
    expect(failure).toMatchObject({ type: 'RefundAboveCharge' });
    expect(failure.message).toContain('0.00 EUR');
    expect(refunds(made)).toHaveLength(1);
  });

  it('under a key that stands for another refund', async () => {
    const [one, two] = [charge(5_000), charge(5_000)];
    const made = await world(one);
    await made.store.put([two]);
    await made.run('billing.refund', input(one));
    expect(await failureOf(made.run('billing.refund', input(two)))).toMatchObject({ type: 'EffectKeyReused' });
    expect(refunds(made)).toHaveLength(1);
  });
});

/** As the provider itself does after a day: what was made stays, and the keys are gone. */
async function forgetKeys(folder: string): Promise<void> {
  const file = path.join(folder, 'payments.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n');
  const kept = lines.filter((line) => !line.includes('"fingerprint"'));
  expect(kept.length).toBeLessThan(lines.length);
  await writeFile(file, kept.join('\n'));
}

describe('a provider that fails', () => {
  it('IDEM-4 and has taken the refund: the next attempt finds it and refunds nothing more', async () => {
    const one = charge(5_000);
    let hangUps = 2; // the official client tries a closed connection once more by itself
    const made = await world(one, ({ path, method }) =>
      method === 'POST' && path === '/v1/refunds' && hangUps-- > 0 ? 'take and hang up' : undefined,
    );
    const failure = await failureOf(made.run('billing.refund', input(one)));
    expect(failure).toMatchObject({ type: 'BackendUnavailable', nonRetryable: false });
    expect(refunds(made)).toHaveLength(1);
    const again = await made.run('billing.refund', input(one), 2);
    expect(again).toMatchObject({
      status: 'succeeded',
      amount: '50.00',
      repeated: false,
      refund_id: refunds(made)[0]?.id,
    });
    expect(refunds(made)).toHaveLength(1);
  });

  it('and dies then: another process with its objects has the refund, also long after every ledger and key was forgotten', async () => {
    const one = charge(5_000);
    const made = await world(one, ({ method }) => (method === 'POST' ? 'take and hang up' : undefined));
    await failureOf(made.run('billing.refund', input(one)));
    await forgetKeys(made.folder);
    const provider = createPaymentProvider({
      store: await openPaymentStore(made.folder),
      secretKey: KEY,
      target: undefined,
    });
    const server = createServer((request, response) => void provider.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // a listening TCP server has one
    await tests.rows('delete from effect_answers');
    const next = await tests.setUp(undefined, `http://127.0.0.1:${String(port)}`);
    expect(await next.run('billing.refund', input(one), 2)).toMatchObject({ status: 'succeeded', amount: '50.00' });
    expect((await openPaymentStore(made.folder)).list('refund', () => true)).toHaveLength(1);
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['too many requests', new Refusal(429, 'rate_limit_error', 'rate_limit', 'x', 7), 'BackendThrottled', false],
    ['an error of its own', new Refusal(500, 'api_error', undefined, 'x'), 'BackendFailed', false],
    ['a lock', new Refusal(409, 'invalid_request_error', 'lock_timeout', 'x'), 'BackendUnavailable', false],
    ['a wrong key', new Refusal(401, 'invalid_request_error', undefined, 'x'), 'BackendAuthFailed', true],
    ['a refusal', new Refusal(400, 'invalid_request_error', undefined, 'ada@example.com'), 'BackendRejected', true],
  ])(
    'with %s has its class, and its text, which may name somebody, is not kept',
    async (_what, refusal, type, nonRetryable) => {
      const one = charge(5_000);
      const made = await world(one, ({ method }) => (method === 'POST' ? refusal : undefined));
      const failure = await failureOf(made.run('billing.refund', input(one)));
      expect(failure).toMatchObject({ type, nonRetryable });
      if (type === 'BackendThrottled') expect(failure).toMatchObject({ nextRetryDelay: 7_000 });
      expect(`${failure.message} ${made.logged.join(' ')}`).not.toContain('ada@example.com');
      expect(refunds(made)).toEqual([]);
    },
  );
});
