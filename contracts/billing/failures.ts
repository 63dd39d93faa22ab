/** Failures of billing. What Stripe's errors mean is told apart in `failures/foreign/stripe.ts`. */
import type { FailureRule } from '../failures/rule.ts';

export const billingFailures = {
  BillingNotConfigured: {
    class: 'configuration',
    cause: 'There is no provider of payments to ask.',
    remedy: 'Set STRIPE_SECRET_KEY, or start the local stack, which has a provider that moves no money.',
  },
  BillingCustomerMissing: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'A user has no customer at the provider of payments.',
    remedy:
      'Give the id of the customer once, or write the id of the user into the metadata `user_id` of the customer.',
  },
  BillingObjectMissing: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'The provider of payments does not know the id of a charge or an invoice.',
    remedy: 'Correct the id; test and live mode of an account have different objects.',
  },
  ForeignBillingObject: {
    class: 'permanent',
    cause: 'A charge, an invoice or a customer belongs to somebody else than the request names.',
    remedy: 'Correct the id of the object or of its owner.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
