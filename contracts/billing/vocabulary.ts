/** The vocabulary of billing: ids, kinds and paths. No such string is written anywhere else. */

/** Name of the provider of payments; a worker puts the host of STRIPE_API_URL behind it. */
export const STRIPE = 'stripe';

/** Path at which the provider tells what has happened. */
export const WEBHOOK_PATH = '/v1/webhooks/stripe';

/** Header in which the provider signs what it tells. */
export const SIGNATURE_HEADER = 'stripe-signature';

/** Oldest signature that is taken, in seconds; who records a request cannot send it again later. */
export const SIGNATURE_TOLERANCE_S = 300;

/** Most bytes of one event. */
export const MAX_EVENT_BYTES = 1_000_000;

/** What is kept of the provider: one row for each object. */
export const BILLING_KINDS = ['customer', 'subscription', 'invoice', 'charge', 'refund', 'dispute'] as const;

/** A kind of object. */
export type BillingKind = (typeof BILLING_KINDS)[number];

/**
 * What became of an event: `applied` to its object; `outdated`, because more is known already; `unknown`, of a kind that
 * means nothing here; `unreadable`, of a known kind and another form.
 */
export const EVENT_STATES = ['pending', 'applied', 'outdated', 'unknown', 'unreadable'] as const;

/** What became of an event. */
export type EventState = (typeof EVENT_STATES)[number];
