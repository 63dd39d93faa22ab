/** Shapes of everything that enters or leaves billing. Never imported by value in workflow code. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { BILLING_KINDS } from './vocabulary.ts';

const count = z.int().nonnegative();

/** An id of the provider, by its prefix. */
const idOf = (prefix: string, what: string) =>
  z
    .string()
    .max(255)
    .regex(new RegExp(`^${prefix}_\\w+$`), `expected an id such as ${prefix}_123`)
    .describe(`Id of a ${what} at Stripe`);

export const customerIdSchema = idOf('cus', 'customer');
const userIdSchema = z.string().min(1).max(200).describe('Id of a user');

export const processWebhooksInputSchema = z.strictObject({
  limit: z.int().min(1).max(1_000_000).default(100_000).describe('Most events that are processed in one run'),
});
export const processWebhooksOutputSchema = z.object({
  /** Events that were processed now, by what became of them. */
  applied: count,
  outdated: count,
  unknown: count,
  unreadable: count,
});

export const syncSubscriptionInputSchema = z.strictObject({
  userId: userIdSchema,
  customerId: customerIdSchema.optional().describe('Customer of the user; needed as long as nobody has said it'),
});
export const syncSubscriptionOutputSchema = z.object({
  status: z.literal('synced'),
  user_id: z.string(),
  /** Status of the best subscription of the customer; `null` without one. */
  subscription_status: z.string().nullable(),
  subscription_until: z.iso.datetime().nullable(),
});

const currencySchema = z
  .string()
  .regex(/^[a-z]{3}$/, 'expected three small letters such as eur')
  .describe('Currency, three small letters');
const keySchema = z.string().min(1).max(200).describe('Business key: the same key is the same refund');

export const refundInputSchema = z.strictObject({
  customerId: customerIdSchema,
  chargeId: idOf('ch', 'charge'),
  amount: z.string().max(30).optional().describe('Decimal number such as 12.50; default: what is left of the charge'),
  currency: currencySchema,
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  refundKey: keySchema.optional().describe('Business key: the same key is the same refund; default: this call'),
});
export const refundOutputSchema = z.object({
  /** What the provider says of it: `succeeded`, `pending`, `failed`, `requires_action` or `canceled`. */
  status: z.string(),
  refund_id: z.string(),
  /** Decimal number. */
  amount: z.string(),
  currency: z.string(),
  /** Whether it had been made under the key before. */
  repeated: z.boolean(),
});

export const sendInvoiceInputSchema = z.strictObject({
  customerId: customerIdSchema,
  invoiceId: idOf('in', 'invoice'),
});
export const sendInvoiceOutputSchema = z.object({
  status: z.literal('sent'),
  invoice_id: z.string(),
  number: z.string().nullable(),
  pages: count,
});

export const reconcileInputSchema = z.strictObject({
  days: z.int().min(1).max(400).default(35).describe('How far back objects are compared'),
});
export const billingDifferenceSchema = z.object({
  object_id: z.string(),
  kind: z.enum(BILLING_KINDS),
  /** `missing here`, `missing there`, or the field that differs. */
  field: z.string(),
  ours: z.string().nullable(),
  theirs: z.string().nullable(),
});
export const reconcileOutputSchema = z.object({
  compared: count,
  differences: count,
  /** Objects that changed just now, or of which events wait; the next run compares them. */
  skipped: count,
  /** At most 50 of the differences; `billing_differences` has all of them. */
  first: z.array(billingDifferenceSchema),
});

/** Input and output of each task of the domain. */
export const billingTaskSchemas = {
  'billing.processPendingWebhooks': { input: processWebhooksInputSchema, output: processWebhooksOutputSchema },
  'billing.syncSubscriptionStatus': { input: syncSubscriptionInputSchema, output: syncSubscriptionOutputSchema },
  'billing.refund': { input: refundInputSchema, output: refundOutputSchema },
  'billing.sendInvoice': { input: sendInvoiceInputSchema, output: sendInvoiceOutputSchema },
  'billing.reconcile': { input: reconcileInputSchema, output: reconcileOutputSchema },
} as const;

/** What the domain contributes to the schemas. */
export const billingSchemas = { tasks: billingTaskSchemas } as const satisfies DomainSchemas;

export type ProcessWebhooksInput = z.infer<typeof processWebhooksInputSchema>;
export type ProcessWebhooksOutput = z.infer<typeof processWebhooksOutputSchema>;
export type SyncSubscriptionInput = z.infer<typeof syncSubscriptionInputSchema>;
export type SyncSubscriptionOutput = z.infer<typeof syncSubscriptionOutputSchema>;
export type RefundInput = z.infer<typeof refundInputSchema>;
export type RefundOutput = z.infer<typeof refundOutputSchema>;
export type SendInvoiceInput = z.infer<typeof sendInvoiceInputSchema>;
export type SendInvoiceOutput = z.infer<typeof sendInvoiceOutputSchema>;
export type ReconcileInput = z.infer<typeof reconcileInputSchema>;
export type ReconcileOutput = z.infer<typeof reconcileOutputSchema>;
export type BillingDifference = z.infer<typeof billingDifferenceSchema>;
