/** The tasks of billing: the rows that this domain adds to the catalogue. */
import type { BreakerRule } from '../breakers/vocabulary.ts';
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';
import { billingRetry } from '../tasks/policies.ts';
import { queueLimits } from '../tasks/time-limits.ts';
import type {
  ProcessWebhooksInput,
  ProcessWebhooksOutput,
  SyncSubscriptionInput,
  SyncSubscriptionOutput,
} from './schema.ts';
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
    keyedLimits: [{ by: { field: 'userId' }, concurrency: 1, reason: 'One at a time for each customer.' }],
  }),
} as const;
