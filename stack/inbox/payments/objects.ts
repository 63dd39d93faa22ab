/** Makes the objects of payments: what Stripe makes of a request, without moving money. */
import { newId, type PaymentObject } from './store.ts';

/** Days of the period of a subscription. */
const PERIOD_S = 30 * 86_400;

const now = (): number => Math.floor(Date.now() / 1000);

/** Fields of a request by their names, such as `metadata[user_id]`. */
export type Form = ReadonlyMap<string, string>;

function metadataOf(form: Form): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...form].flatMap(([name, value]) => {
      const key = /^metadata\[([^\]]+)\]$/.exec(name)?.[1];
      return key === undefined ? [] : [[key, value]];
    }),
  );
}

const base = { livemode: false } as const;

/** Makes a customer. */
export function newCustomer(form: Form): PaymentObject {
  return {
    ...base,
    id: newId('cus'),
    object: 'customer',
    created: now(),
    email: form.get('email') ?? null,
    name: form.get('name') ?? null,
    metadata: metadataOf(form),
  };
}

/** Makes a payment that succeeded. */
export function newCharge(form: Form): PaymentObject {
  const amount = Number(form.get('amount'));
  return {
    ...base,
    id: newId('ch'),
    object: 'charge',
    created: now(),
    customer: form.get('customer') ?? null,
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    currency: form.get('currency') ?? 'eur',
    status: 'succeeded',
    paid: true,
    captured: true,
    refunded: false,
    disputed: false,
    metadata: metadataOf(form),
  };
}

/** Makes an invoice that is paid, with one line. */
export function newInvoice(form: Form, customer: PaymentObject, subscription: string | null): PaymentObject {
  const amount = Number(form.get('items[0][price_data][unit_amount]') ?? form.get('amount') ?? 0);
  const created = now();
  const currency = form.get('items[0][price_data][currency]') ?? form.get('currency') ?? 'eur';
  const line = {
    id: newId('il'),
    object: 'line_item',
    amount,
    currency,
    description: form.get('description') ?? 'Subscription',
    quantity: 1,
  };
  return {
    ...base,
    id: newId('in'),
    object: 'invoice',
    created,
    number: `INV-${String(created)}-${newId('n').slice(2, 6).toUpperCase()}`,
    customer: customer.id,
    customer_email: customer['email'] ?? null,
    customer_name: customer['name'] ?? null,
    customer_address: null,
    status: 'paid',
    currency,
    subtotal: amount,
    total: amount,
    amount_due: amount,
    amount_paid: amount,
    amount_remaining: 0,
    due_date: null,
    status_transitions: { finalized_at: created, paid_at: created, voided_at: null, marked_uncollectible_at: null },
    period_start: created,
    period_end: created + PERIOD_S,
    parent:
      subscription === null
        ? null
        : { type: 'subscription_details', quote_details: null, subscription_details: { subscription } },
    lines: { object: 'list', data: [line], has_more: false, url: '/v1/invoices/lines' },
    total_taxes: [],
    metadata: metadataOf(form),
  };
}

/** Makes a subscription that is active. */
export function newSubscription(form: Form): PaymentObject {
  const created = now();
  return {
    ...base,
    id: newId('sub'),
    object: 'subscription',
    created,
    customer: form.get('customer') ?? null,
    status: 'active',
    currency: form.get('items[0][price_data][currency]') ?? 'eur',
    cancel_at_period_end: false,
    canceled_at: null,
    items: {
      object: 'list',
      data: [
        {
          id: newId('si'),
          object: 'subscription_item',
          price: { id: form.get('items[0][price]') ?? newId('price'), object: 'price' },
          quantity: 1,
          current_period_start: created,
          current_period_end: created + PERIOD_S,
        },
      ],
      has_more: false,
      url: '/v1/subscription_items',
    },
    metadata: metadataOf(form),
  };
}

/** A subscription that has ended. */
export function canceled(subscription: PaymentObject): PaymentObject {
  return { ...subscription, status: 'canceled', canceled_at: now(), ended_at: now() };
}

/** Makes a refund that succeeded. */
export function newRefund(form: Form, charge: PaymentObject, amount: number): PaymentObject {
  return {
    ...base,
    id: newId('re'),
    object: 'refund',
    created: now(),
    amount,
    currency: charge['currency'],
    charge: charge.id,
    reason: form.get('reason') ?? null,
    status: 'succeeded',
    metadata: metadataOf(form),
  };
}

/** Makes a dispute of all of a charge. */
export function newDispute(charge: PaymentObject): PaymentObject {
  return {
    ...base,
    id: newId('dp'),
    object: 'dispute',
    created: now(),
    amount: charge['amount'],
    currency: charge['currency'],
    charge: charge.id,
    reason: 'fraudulent',
    status: 'needs_response',
    evidence_details: { due_by: now() + 7 * 86_400, has_evidence: false, past_due: false, submission_count: 0 },
    metadata: {},
  };
}
