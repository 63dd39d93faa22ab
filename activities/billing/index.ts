/** The activities of billing: one body for each row of `contracts/billing/tasks.ts`. */
import { billingTaskSchemas } from '../../contracts/billing/schema.ts';
import { billingTasks } from '../../contracts/billing/tasks.ts';
import { DAY_MS } from '../../contracts/values/units.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { sendInvoice } from './invoice.ts';
import type { BillingPorts } from './ports.ts';
import { refund } from './refund.ts';
import { syncSubscriptionStatus } from './sync.ts';

/** Creates the activities of billing. Every one may run twice: states are kept by their times, and effects by their keys. */
export const createBillingActivities = activitiesOf(billingTasks, billingTaskSchemas, (ports: BillingPorts) => ({
  processPendingWebhooks: ({ limit }, context) => ports.processor.process({ limit, ...watched(context) }),
  syncSubscriptionStatus: (input) => syncSubscriptionStatus(ports, input),
  refund: (input, context) => refund(ports, input, context),
  sendInvoice: (input, context) => sendInvoice(ports, input, context),
  reconcile: async ({ days }, context) => {
    const found = await ports.reconciler.compare(new Date(ports.now().getTime() - days * DAY_MS), watched(context));
    const { differences } = found;
    if (differences > 0)
      context.log.warn('what the provider of payments has differs from what is known', { differences });
    return { ...found, first: [...found.first] };
  },
}));

function watched(context: TaskContext): { readonly signal: AbortSignal; readonly onProgress: (done: number) => void } {
  return {
    signal: context.signal,
    onProgress: (done) => {
      context.progress({ done });
    },
  };
}
