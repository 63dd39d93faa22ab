/** Reads objects of the provider: what is kept of them, whether they came in an event or in an answer. */
import { z } from 'zod';
import { BILLING_KINDS, type BillingKind } from '../../contracts/billing/vocabulary.ts';
import { reference, seconds } from './fields.ts';
import type { BillingFacts } from './port.ts';

const text = z
  .string()
  .max(500)
  .nullish()
  .transform((value) => value ?? null);
const money = z.int();
const metadata = z.record(z.string(), z.string()).nullish();

const nothing = {
  customerId: null,
  parentId: null,
  amount: null,
  settled: null,
  currency: null,
  detail: null,
  endsAt: null,
  userId: null,
} as const;

const id = z.string().min(1).max(255);

/** The fields that are kept, by kind; what else an object has is not looked at. */
const READERS: { readonly [Kind in BillingKind]: z.ZodType<Omit<BillingFacts, 'kind'>> } = {
  customer: z.object({ id, deleted: z.boolean().optional(), metadata }).transform((customer) => ({
    ...nothing,
    id: customer.id,
    customerId: customer.id,
    status: customer.deleted === true ? 'deleted' : 'active',
    userId: customer.metadata?.['user_id'] ?? null,
  })),
  subscription: z
    .object({
      id,
      customer: reference,
      status: z.string(),
      currency: text,
      // Periods stand at the items since 2025, and at the subscription before.
      current_period_end: seconds,
      items: z
        .object({
          data: z.array(z.object({ price: reference, current_period_end: seconds })),
        })
        .nullish(),
    })
    .transform(({ customer, items, current_period_end: end, ...subscription }) => ({
      ...nothing,
      ...subscription,
      customerId: customer,
      detail: items?.data[0]?.price ?? null,
      endsAt: items?.data[0]?.current_period_end ?? end,
    })),
  invoice: z
    .object({
      id,
      customer: reference,
      status: z
        .string()
        .nullish()
        .transform((status) => status ?? 'draft'),
      total: money,
      amount_paid: money,
      currency: text,
      number: text,
      due_date: seconds,
      subscription: reference,
      parent: z.object({ subscription_details: z.object({ subscription: reference }).nullish() }).nullish(),
    })
    .transform((invoice) => ({
      ...nothing,
      id: invoice.id,
      customerId: invoice.customer,
      parentId: invoice.parent?.subscription_details?.subscription ?? invoice.subscription,
      status: invoice.status,
      amount: invoice.total,
      settled: invoice.amount_paid,
      currency: invoice.currency,
      detail: invoice.number,
      endsAt: invoice.due_date,
    })),
  charge: z
    .object({ id, customer: reference, status: z.string(), amount: money, amount_refunded: money, currency: text })
    .transform(({ customer, amount_refunded: settled, ...charge }) => ({
      ...nothing,
      ...charge,
      customerId: customer,
      settled,
    })),
  refund: z
    .object({ id, charge: reference, status: text, amount: money, currency: text, reason: text, customer: reference })
    .transform(({ charge, reason, customer, status, ...refund }) => ({
      ...nothing,
      ...refund,
      status: status ?? 'pending',
      customerId: customer,
      parentId: charge,
      detail: reason,
    })),
  dispute: z
    .object({
      id,
      charge: reference,
      status: z.string(),
      amount: money,
      currency: text,
      reason: text,
      evidence_details: z.object({ due_by: seconds }).nullish(),
    })
    .transform(({ charge, reason, evidence_details: evidence, ...dispute }) => ({
      ...nothing,
      ...dispute,
      parentId: charge,
      detail: reason,
      endsAt: evidence?.due_by ?? null,
    })),
};

/** Returns the kind of an object by its field `object`; `undefined` for one that means nothing here. */
export function kindOf(object: unknown): BillingKind | undefined {
  const named = z.object({ object: z.enum(BILLING_KINDS) }).safeParse(object);
  return named.success ? named.data.object : undefined;
}

/** Reads an object of a kind; `undefined` for one of another form. */
export function readFacts(kind: BillingKind, object: unknown): BillingFacts | undefined {
  const read = READERS[kind].safeParse(object);
  return read.success ? { kind, ...read.data } : undefined;
}
