/** The tasks of billing: the rows that this domain adds to the catalogue. */
import type { BreakerRule } from '../breakers/vocabulary.ts';
import { queues } from '../queues/names.ts';
import { type KeyedLimit, taskRow } from '../tasks/definition.ts';
import { billingRetry } from '../tasks/policies.ts';
import { longLimits, queueLimits } from '../tasks/time-limits.ts';
import type {
  ProcessWebhooksInput,
  ProcessWebhooksOutput,
  ReconcileInput,
  ReconcileOutput,
  RefundInput,
  RefundOutput,
  SendInvoiceInput,
  SendInvoiceOutput,
  SyncSubscriptionInput,
  SyncSubscriptionOutput,
} from './schema.ts';
import { SECOND_MS } from '../values/units.ts';
import { STRIPE } from './vocabulary.ts';

/** The names under which the Celery application calls a task. */
function celery(name: string): readonly string[] {
  return [`app.tasks.billing_tasks.${name}`, name];
}

/** What the provider says of one object is no failure of the provider. */
const providerBreaker: BreakerRule = {
  key: STRIPE,
  counts: ['BackendUnavailable', 'BackendTimeout', 'BackendFailed'],
};

/** Stripe takes 25 requests a second of an account in test mode, and 100 in live mode; a call makes up to three. */
const providerRate: KeyedLimit = {
  by: 'task',
  shared: 'provider:stripe',
  rate: { count: 8, perMs: SECOND_MS },
  reason: 'A refund asks three times, and the provider takes 25 requests a second from an account in test mode.',
};

const oneOfCustomer: KeyedLimit = {
  by: { field: 'customerId' },
  shared: 'billing',
  concurrency: 1,
  reason: 'One at a time for each customer, whatever it is.',
};

const limits = queueLimits(queues.billingBilling);

export const billingTasks = {
  processPendingWebhooks: taskRow<ProcessWebhooksInput, ProcessWebhooksOutput>()({
    name: 'billing.processPendingWebhooks',
    purpose: 'Applies what the provider of payments has told, in the order in which it happened to each object.',
    queue: queues.billingBilling,
    aliases: celery('process_pending_webhooks'),
    retry: billingRetry,
    limits,
    keyedLimits: [{ by: 'task', concurrency: 1, reason: 'A second run would wait for the customers of the first.' }],
  }),
  syncSubscriptionStatus: taskRow<SyncSubscriptionInput, SyncSubscriptionOutput>()({
    name: 'billing.syncSubscriptionStatus',
    purpose: 'Copies the state of the subscriptions of a user from the provider of payments.',
    queue: queues.billingBilling,
    aliases: celery('sync_subscription_status'),
    parameters: ['userId', 'customerId'],
    retry: billingRetry,
    limits,
    breaker: providerBreaker,
    keyedLimits: [
      { by: { field: 'userId' }, concurrency: 1, reason: 'One at a time for each user, and so for each customer.' },
      providerRate,
    ],
  }),
  refund: taskRow<RefundInput, RefundOutput>()({
    name: 'billing.refund',
    purpose: 'Gives a customer back a charge or a part of it, once for each key.',
    queue: queues.billingBilling,
    aliases: celery('process_refund'),
    parameters: ['customerId', 'chargeId', 'amount', 'currency', 'reason', 'refundKey'],
    retry: billingRetry,
    limits,
    breaker: providerBreaker,
    keyedLimits: [oneOfCustomer, providerRate],
  }),
  sendInvoice: taskRow<SendInvoiceInput, SendInvoiceOutput>()({
    name: 'billing.sendInvoice',
    purpose: 'Sends a customer an invoice by mail, as a PDF, once.',
    queue: queues.billingBilling,
    aliases: celery('send_invoice'),
    parameters: ['customerId', 'invoiceId'],
    retry: billingRetry,
    limits,
    breaker: providerBreaker,
    keyedLimits: [oneOfCustomer, providerRate],
  }),
  reconcile: taskRow<ReconcileInput, ReconcileOutput>()({
    name: 'billing.reconcile',
    purpose: 'Compares what the provider of payments has with what is known here, and reports differences.',
    queue: queues.billingBilling,
    retry: billingRetry,
    limits: longLimits,
    breaker: providerBreaker,
    keyedLimits: [{ by: 'task', concurrency: 1, reason: 'Two runs would write the same differences.' }],
    keepOnRedrive: false,
  }),
} as const;
