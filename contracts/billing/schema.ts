/** Shapes of everything that enters or leaves billing. Never imported by value in workflow code. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';

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

/** Input and output of each task of the domain. */
export const billingTaskSchemas = {
  'billing.processPendingWebhooks': { input: processWebhooksInputSchema, output: processWebhooksOutputSchema },
  'billing.syncSubscriptionStatus': { input: syncSubscriptionInputSchema, output: syncSubscriptionOutputSchema },
} as const;

/** What the domain contributes to the schemas. */
export const billingSchemas = { tasks: billingTaskSchemas } as const satisfies DomainSchemas;

export type ProcessWebhooksInput = z.infer<typeof processWebhooksInputSchema>;
export type ProcessWebhooksOutput = z.infer<typeof processWebhooksOutputSchema>;
export type SyncSubscriptionInput = z.infer<typeof syncSubscriptionInputSchema>;
export type SyncSubscriptionOutput = z.infer<typeof syncSubscriptionOutputSchema>;
