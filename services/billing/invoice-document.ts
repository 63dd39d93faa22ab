/** Reads invoices of the provider as people read them. */
import { z } from 'zod';
import { otherAnswer } from './errors.ts';
import { reference, seconds } from './fields.ts';
import type { InvoiceDocument } from './port.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

const invoiceSchema = z.object({
  id: z.string(),
  customer: reference,
  status: text,
  number: text,
  currency: z.string(),
  account_name: text,
  customer_name: text,
  customer_email: text,
  customer_address: z
    .object({ line1: text, line2: text, postal_code: text, city: text, state: text, country: text })
    .nullish(),
  created: seconds,
  status_transitions: z.object({ finalized_at: seconds }).nullish(),
  due_date: seconds,
  lines: z.object({
    data: z.array(z.object({ description: text, quantity: z.number().nullish(), amount: z.int() })),
  }),
  subtotal: z.int(),
  total: z.int(),
  amount_paid: z.int(),
});

/** Reads an invoice. @throws PerennialError `BackendFailed` for what is none */
export function readInvoice(answer: unknown): InvoiceDocument {
  const read = invoiceSchema.safeParse(answer);
  if (!read.success) throw otherAnswer('an invoice');
  const { lines, due_date: dueAt, status_transitions: turns, ...invoice } = read.data;
  const issuedAt = turns?.finalized_at ?? invoice.created;
  if (issuedAt === null) throw otherAnswer('an invoice');
  return {
    id: invoice.id,
    customerId: invoice.customer,
    status: invoice.status ?? 'draft',
    number: invoice.number,
    currency: invoice.currency,
    seller: invoice.account_name ?? '',
    buyer: invoice.customer_name ?? '',
    email: invoice.customer_email,
    address: addressOf(invoice.customer_address),
    issuedAt,
    dueAt,
    lines: lines.data.map(({ description, quantity, amount }) => ({
      text: description ?? '',
      quantity: quantity ?? null,
      amount,
    })),
    subtotal: invoice.subtotal,
    total: invoice.total,
    paid: invoice.amount_paid,
  };
}

function addressOf(address: z.infer<typeof invoiceSchema>['customer_address']): readonly string[] {
  if (address === null || address === undefined) return [];
  const { line1, line2, postal_code: code, city, state, country } = address;
  const town = [code, city].filter((part) => part !== null).join(' ');
  return [line1, line2, town, state, country].flatMap((line) => (line === null || line === '' ? [] : [line]));
}
