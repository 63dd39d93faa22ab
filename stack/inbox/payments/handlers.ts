/** What each request of the interface of payments does, and what it refuses. */
import { BILLING_KINDS } from '../../../contracts/billing/vocabulary.ts';
import { canceled, type Form, newCharge, newCustomer, newInvoice, newRefund, newSubscription } from './objects.ts';
import type { PaymentObject, PaymentStore } from './store.ts';

/** An answer that is an error. */
export class Refusal extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string | undefined;
  /** Seconds after which the caller may come back. */
  readonly retryAfterS: number | undefined;

  constructor(status: number, type: string, code: string | undefined, message: string, retryAfterS?: number) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

/** Kinds of objects by their folder in addresses. */
export const KINDS: ReadonlyMap<string, string> = new Map(BILLING_KINDS.map((kind) => [`${kind}s`, kind]));

/** What a request came to. */
export interface Made {
  readonly answer: Readonly<Record<string, unknown>> & { readonly id?: string | undefined };
  /** What has changed, with the type of its event. */
  readonly changed: readonly { readonly type: string; readonly object: PaymentObject }[];
}

/** A request for objects of a kind. */
export interface KindRequest {
  readonly method: string;
  readonly plural: string;
  readonly id: string | undefined;
  readonly form: Form;
}

/** Answers a request. @throws Refusal */
export function handlers(store: PaymentStore, request: KindRequest): Made {
  const { method, plural, id, form } = request;
  if (method === 'GET') return { answer: id === undefined ? list(store, request) : required(store, id), changed: [] };
  if (method === 'DELETE' && plural === 'subscriptions' && id !== undefined) {
    const subscription = canceled(required(store, id));
    return { answer: subscription, changed: [{ type: 'customer.subscription.deleted', object: subscription }] };
  }
  const make = id === undefined && method === 'POST' ? MAKERS[plural] : undefined;
  if (make === undefined)
    throw new Refusal(404, 'invalid_request_error', undefined, `Unrecognized request URL (${method}: /v1/${plural}).`);
  for (const name of AMOUNTS) requireWholeNumber(form, name);
  return make(store, form);
}

/** Fields with an amount, in the smallest unit of the currency. */
const AMOUNTS = ['amount', 'items[0][price_data][unit_amount]'] as const;

function requireWholeNumber(form: Form, name: string): void {
  if (!form.has(name) || /^\d{1,12}$/.test(form.get(name) ?? '')) return;
  throw new Refusal(400, 'invalid_request_error', 'parameter_invalid_integer', `Invalid integer: ${name}.`);
}

const MAKERS: Readonly<Record<string, (store: PaymentStore, form: Form) => Made>> = {
  customers: (_store, form) => created('customer.created', newCustomer(form)),
  charges: (_store, form) => {
    if (!form.has('amount'))
      throw new Refusal(400, 'invalid_request_error', 'parameter_missing', 'Missing required param: amount.');
    return created('charge.succeeded', newCharge(form));
  },
  invoices: (store, form) => created('invoice.paid', newInvoice(form, customerIn(store, form), null)),
  subscriptions: (store, form) => {
    const customer = customerIn(store, form);
    const subscription = newSubscription(form);
    const invoice = newInvoice(form, customer, subscription.id);
    const paid = new Map([
      ['customer', customer.id],
      ['amount', String(invoice['total'])],
      ['currency', String(invoice['currency'])],
    ]);
    return {
      answer: subscription,
      changed: [
        { type: 'customer.subscription.created', object: subscription },
        { type: 'invoice.paid', object: invoice },
        { type: 'charge.succeeded', object: newCharge(paid) },
      ],
    };
  },
  refunds: (store, form) => {
    const charge = required(store, form.get('charge') ?? '');
    const [amount, refunded] = [Number(charge['amount']), Number(charge['amount_refunded'])];
    const wanted = form.has('amount') ? Number(form.get('amount')) : amount - refunded;
    if (refunded >= amount)
      throw new Refusal(400, 'invalid_request_error', 'charge_already_refunded', 'The charge has been refunded.');
    if (wanted > amount - refunded)
      throw new Refusal(
        400,
        'invalid_request_error',
        undefined,
        'The refund is greater than what is left of the charge.',
      );
    const refund = newRefund(form, charge, wanted);
    const after = { ...charge, amount_refunded: refunded + wanted, refunded: refunded + wanted === amount };
    return {
      answer: refund,
      changed: [
        { type: 'refund.created', object: refund },
        { type: 'charge.refunded', object: after },
      ],
    };
  },
};

const created = (type: string, object: PaymentObject): Made => ({ answer: object, changed: [{ type, object }] });

function customerIn(store: PaymentStore, form: Form): PaymentObject {
  return required(store, form.get('customer') ?? '');
}

function required(store: PaymentStore, id: string): PaymentObject {
  const object = store.find(id);
  if (object !== undefined) return object;
  throw new Refusal(404, 'invalid_request_error', 'resource_missing', `No such object: '${id}'.`);
}

const MOST_LISTED = 100;

function list(store: PaymentStore, { plural, form }: KindRequest): Made['answer'] {
  const size = Number(form.get('limit') ?? 10);
  const limit = Number.isInteger(size) && size > 0 ? Math.min(size, MOST_LISTED) : 10;
  const all = store.list(KINDS.get(plural) ?? '', (object) => isListed(object, form));
  const after = form.get('starting_after');
  const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const data = all.slice(from, from + limit);
  return { object: 'list', url: `/v1/${plural}`, data, has_more: from + limit < all.length };
}

function isListed(object: PaymentObject, form: Form): boolean {
  const since = Number(form.get('created[gte]') ?? 0);
  const sameField = ['customer', 'charge'].every((name) => !form.has(name) || object[name] === form.get(name));
  const status = form.get('status');
  // Without a word about it, subscriptions that have ended are left out.
  const isStatus =
    object.object !== 'subscription' || status === 'all'
      ? true
      : status === undefined
        ? object['status'] !== 'canceled'
        : object['status'] === status;
  return sameField && isStatus && object.created >= since;
}
