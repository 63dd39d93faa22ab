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
  InvalidAmount: {
    class: 'permanent',
    cause: 'An amount is no decimal number, is 0, or has more behind the point than its currency.',
    remedy: 'Write it as 12.50, and as 500 in a currency without cents such as JPY.',
  },
  WrongCurrency: {
    class: 'permanent',
    cause: 'A refund names another currency than its charge has.',
    remedy: 'Name the currency of the charge; nothing is converted.',
  },
  RefundAboveCharge: {
    class: 'permanent',
    cause: 'A refund is greater than what is left of its charge.',
    remedy: 'Lower the amount; the message says how much is left.',
  },
  InvoiceNotReady: {
    class: 'permanent',
    cause: 'An invoice is a draft, was voided, or has nobody to send it to.',
    remedy: 'Finalise the invoice at Stripe, and give the customer an e-mail address.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
