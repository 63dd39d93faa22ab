/** Reads invoices of the provider as people read them. */
import { z } from 'zod';
import { PerennialError } from '../../contracts/failures.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import type { InvoiceDocument } from './port.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const reference = z
  .union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
  .nullish()
  .transform((id) => id ?? null);

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
  created: z.int(),
  status_transitions: z.object({ finalized_at: z.int().nullish() }).nullish(),
  due_date: z.int().nullish(),
  lines: z.object({
    data: z.array(z.object({ description: text, quantity: z.number().nullish(), amount: z.int() })),
  }),
  subtotal: z.int(),
  total: z.int(),
  amount_paid: z.int(),
});

const at = (seconds: number): string => new Date(seconds * SECOND_MS).toISOString();

/** Reads an invoice. @throws PerennialError `BackendFailed` for what is none */
export function readInvoice(answer: unknown): InvoiceDocument {
  const read = invoiceSchema.safeParse(answer);
  if (!read.success)
    throw new PerennialError('BackendFailed', 'expected the provider to answer with an invoice, got something else', {
      provider: 'stripe',
    });
  const { lines, due_date: due, status_transitions: turns, ...invoice } = read.data;
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
    issuedAt: at(turns?.finalized_at ?? invoice.created),
    dueAt: typeof due === 'number' ? at(due) : null,
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
