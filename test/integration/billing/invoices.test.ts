/** Invoices by mail, and the comparison with the provider: real activity, PDF, mail server and official client. */
import { describe, expect, it } from 'vitest';
import { createUserStore } from '../../../services/users/postgres.ts';
import { newCharge, newCustomer, newInvoice, newSubscription } from '../../../stack/inbox/payments/objects.ts';
import type { PaymentObject } from '../../../stack/inbox/payments/store.ts';
import { failureOf } from '../../support/email-tests.ts';
import { type BillingWorld, billingTests, eventAt } from '../../support/billing.ts';
import { parsed } from '../../support/servers/smtp.ts';

const tests = billingTests();
const AT = 1_790_000_000;

const customer = newCustomer(
  new Map([
    ['email', 'Ada@Example.com'],
    ['name', 'Ada Lovelace'],
  ]),
);
const invoice = (fields: object = {}): PaymentObject => ({
  ...newInvoice(
    new Map([
      ['amount', '1250'],
      ['currency', 'eur'],
      ['description', 'Zwölf Äpfel'],
    ]),
    customer,
    null,
  ),
  account_name: 'Fruit GmbH',
  ...fields,
});
const send = (made: BillingWorld, one: PaymentObject, attempt = 1): Promise<unknown> =>
  made.run('billing.sendInvoice', { customerId: customer.id, invoiceId: one.id }, attempt);

describe('an invoice', () => {
  it('BILL-3 IDEM-4 is mailed as a PDF to the user of the customer, once, also when both calls come at once', async () => {
    const made = await tests.setUp();
    const one = invoice();
    await made.store.put([one]);
    await createUserStore(tests.test.db).put([{ id: 'ada', email: 'ada@home.example' }]);
    await tests.rows('update users set billing_customer = $1 where id = $2', [customer.id, 'ada']);
    const results = await Promise.all([send(made, one), send(made, one)]);
    expect(results[0]).toEqual({ status: 'sent', invoice_id: one.id, number: one['number'], pages: 1 });
    expect(await send(made, one)).toEqual(results[0]);
    expect(made.smtp.received).toHaveLength(1);
    const [mail] = made.smtp.received;
    expect(mail?.to).toBe('ada@home.example');
    const email = await parsed(mail);
    expect(email.text).toContain('12.50 EUR');
    expect(email.text).toContain('It is paid');
    expect(email.attachments).toMatchObject([{ mimeType: 'application/pdf' }]);
    const pdf = Buffer.from(email.attachments[0]?.content as ArrayBuffer); // the reader gives bytes
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(`${JSON.stringify(results)} ${made.logged.join(' ')}`).not.toMatch(/ada@|Lovelace|pfel/i);
    await tests.rows(`delete from users where id = 'ada'`);
  });

  it('goes to the address that the provider has where no user has the customer, and may have many lines', async () => {
    const made = await tests.setUp();
    const line = (at: number): object => ({ description: `Line ${String(at)} ☃ \u202e`, quantity: 2, amount: 5 });
    const one = invoice({
      currency: 'jpy',
      lines: { data: Array.from({ length: 150 }, (_, at) => line(at)) },
      status: 'open',
      amount_paid: 0,
    });
    await made.store.put([one]);
    const result = await send(made, one);
    expect((result as { pages: number }).pages).toBeGreaterThan(2); // what its schema says
    expect(made.smtp.received[0]?.to).toBe('Ada@example.com');
    expect((await parsed(made.smtp.received[0])).text).toContain('1250 JPY');
  });

  it.each([
    ['a draft', { status: 'draft' }, 'InvoiceNotReady'],
    ['a voided one', { status: 'void' }, 'InvoiceNotReady'],
    ['one of another customer', { customer: 'cus_other' }, 'ForeignBillingObject'],
    ['one for nobody', { customer_email: null }, 'InvoiceNotReady'],
    ['one for what is no address', { customer_email: 'ada\r\nBcc: eve@example.com' }, 'InvalidRecipient'],
  ])('that is %s is not sent', async (_what, fields, type) => {
    const made = await tests.setUp();
    const one = invoice(fields);
    await made.store.put([one]);
    expect(await failureOf(send(made, one))).toMatchObject({ type, nonRetryable: true });
    expect(made.smtp.received).toEqual([]);
  });

  it('that nobody knows is not sent', async () => {
    const made = await tests.setUp();
    expect(await failureOf(send(made, invoice()))).toMatchObject({ type: 'BillingObjectMissing' });
  });
});

describe('the comparison with the provider', () => {
  const old = { created: Math.floor(Date.now() / 1000) - 3_600 };
  const charge = (fields: object = {}): PaymentObject => ({
    ...newCharge(
      new Map([
        ['customer', 'cus_1'],
        ['amount', '500'],
        ['currency', 'eur'],
      ]),
    ),
    ...old,
    ...fields,
  });
  const tell = async (made: BillingWorld, ...objects: readonly PaymentObject[]): Promise<void> => {
    for (const one of objects) await made.tell(eventAt(old.created, `${one.object}.updated`, one));
    await made.run('billing.processPendingWebhooks', {});
  };

  it('finds nothing where all is known, over several pages', async () => {
    const made = await tests.setUp();
    const all = [...Array.from({ length: 120 }, () => charge()), { ...newSubscription(new Map()), ...old }];
    await made.store.put(all);
    await tell(made, ...all);
    expect(await made.run('billing.reconcile', {})).toEqual({ compared: 121, differences: 0, skipped: 0, first: [] });
  });

  it('reports what is missing here, missing there, and what differs; and no longer once it is mended', async () => {
    const made = await tests.setUp();
    const [lost, refunded, deleted] = [charge(), charge(), charge()];
    await tell(made, refunded, deleted);
    await made.store.put([lost, { ...refunded, amount_refunded: 500 }]);
    const result = await made.run('billing.reconcile', {});
    expect(result).toMatchObject({ compared: 3, differences: 3 });
    const rows = (): Promise<readonly Record<string, unknown>[]> =>
      tests.rows('select object_id, field, ours, theirs from billing_differences order by field');
    expect(await rows()).toEqual([
      { object_id: lost.id, field: 'missing here', ours: null, theirs: 'succeeded' },
      { object_id: deleted.id, field: 'missing there', ours: 'succeeded', theirs: null },
      { object_id: refunded.id, field: 'settled', ours: '0', theirs: '500' },
    ]);
    await tell(made, lost);
    await made.store.put([deleted]);
    expect(await made.run('billing.reconcile', {})).toMatchObject({ differences: 1 });
    expect(await rows()).toMatchObject([{ field: 'settled' }]);
  });

  it('leaves out what changed just now and what waits', async () => {
    const made = await tests.setUp();
    const [young, waiting] = [charge({ created: Math.floor(Date.now() / 1000) }), charge()];
    await made.store.put([young, waiting]);
    await made.tell(eventAt(AT, 'charge.succeeded', waiting));
    expect(await made.run('billing.reconcile', {})).toMatchObject({ compared: 2, skipped: 2, differences: 0 });
  });

  it('fails when the provider is away, and keeps what the last run found', async () => {
    const made = await tests.setUp();
    await made.store.put([charge()]);
    await made.run('billing.reconcile', {});
    const away = await tests.setUp(undefined, 'http://127.0.0.1:9');
    expect(await failureOf(away.run('billing.reconcile', {}))).toMatchObject({ type: 'BackendUnavailable' });
    expect(await tests.rows('select field from billing_differences')).toEqual([{ field: 'missing here' }]);
  });
});
