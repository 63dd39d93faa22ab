/** Requests of the product against Stripe's own mock, which refuses what Stripe's OpenAPI document does not have. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStripe } from '../../../services/billing/stripe.ts';
import type { PaymentProvider } from '../../../services/billing/port.ts';
import { BILLING_KINDS } from '../../../contracts/billing/vocabulary.ts';
import { hasGo, startStripeMock, type StripeMock } from '../../support/servers/stripe-mock.ts';

const isBuildable = await hasGo();
const BUILD_MS = 600_000;
let mock: StripeMock;
let provider: PaymentProvider;

beforeAll(async () => {
  if (!isBuildable) return;
  mock = await startStripeMock();
  provider = createStripe({ secretKey: 'sk_test_0123456789abcdef', apiUrl: mock.url, timeoutMs: 10_000 });
}, BUILD_MS);
afterAll(() => (isBuildable ? mock.stop() : undefined));

const IDS = {
  customer: 'cus_1',
  subscription: 'sub_1',
  invoice: 'in_1',
  charge: 'ch_1',
  refund: 're_1',
  dispute: 'dp_1',
};

it.skipIf(!isBuildable).each(BILLING_KINDS)('a %s of Stripe is read', async (kind) => {
  const found = await provider.find(kind, IDS[kind]);
  expect(found?.facts).toMatchObject({ kind, id: IDS[kind] });
  expect(Math.abs(Date.now() - (found?.asOf.getTime() ?? 0))).toBeLessThan(5_000);
});

it.skipIf(!isBuildable).each(['subscription', 'invoice', 'charge', 'refund', 'dispute'] as const)(
  'a list of each %s since a day is read',
  async (kind) => {
    const pages = [];
    for await (const page of provider.list(kind, new Date('2026-01-01'))) pages.push(...page);
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.every(({ facts, createdAt }) => facts.kind === kind && createdAt.getTime() > 0)).toBe(true);
  },
);

it.skipIf(!isBuildable)(
  'refunds, subscriptions of a customer, and invoices are asked for as Stripe wants it',
  async () => {
    const request = { chargeId: 'ch_1', amount: 100, reason: 'duplicate', key: 'key-1' } as const;
    expect((await provider.refund(request)).facts).toMatchObject({ kind: 'refund' });
    expect(await provider.refundUnder('ch_1', 'another key')).toBeUndefined();
    expect((await provider.subscriptionsOf('cus_1')).length).toBeGreaterThan(0);
    expect(await provider.invoice('in_1')).toMatchObject({ id: 'in_1', currency: 'usd' });
  },
);

it.skipIf(!isBuildable)('the mock does refuse what is not in the document', async () => {
  const wrong = { chargeId: 'ch_1', amount: 'much', reason: undefined, key: 'key-2' };
  const request = wrong as unknown as Parameters<PaymentProvider['refund']>[0]; // a wrong type on purpose
  await expect(provider.refund(request)).rejects.toMatchObject({ type: 'BackendRejected', provider: 'stripe' });
});
