/** The activities of billing: one body for each row of `contracts/billing/tasks.ts`. */
import { billingTaskSchemas } from '../../contracts/billing/schema.ts';
import { billingTasks } from '../../contracts/billing/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import type { BillingPorts } from './ports.ts';
import { syncSubscriptionStatus } from './sync.ts';

/** Creates the activities of billing. Every one may run twice: states are kept by their times, and effects by their keys. */
export const createBillingActivities = activitiesOf(billingTasks, billingTaskSchemas, (ports: BillingPorts) => ({
  processPendingWebhooks: ({ limit }, context) =>
    ports.processor.process({
      limit,
      signal: context.signal,
      onProgress: (done) => {
        context.progress({ done });
      },
    }),
  syncSubscriptionStatus: (input) => syncSubscriptionStatus(ports, input),
}));
