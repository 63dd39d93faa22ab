/** Stripe as the provider of payments, by its official client, which is loaded with the first question. */
import type Stripe from 'stripe';
import type { BillingKind } from '../../contracts/billing/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { whenUsed } from '../../contracts/values/when-used.ts';
import { toPaymentFailure } from './errors.ts';
import { readFacts } from './facts.ts';
import type { PaymentProvider, Snapshot } from './port.ts';

/** Settings of {@link createStripe}. */
export interface StripeOptions {
  readonly secretKey: string | undefined;
  /** Address that takes the place of Stripe's own; it ends without a slash. */
  readonly apiUrl: string | undefined;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Objects of one page of a list; the most that Stripe gives. */
const PAGE = 100;

/** Creates the provider. Nothing is connected before the first question. */
export function createStripe(options: StripeOptions): PaymentProvider {
  const { secretKey } = options;
  if (secretKey === undefined) return nowhere;
  const client = whenUsed(() => connect(options, secretKey));
  return {
    find: async (kind, id) => {
      const stripe = await client();
      try {
        return snapshotOf(kind, await RETRIEVE[kind](stripe, id));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw toPaymentFailure(error);
      }
    },
    subscriptionsOf: async (customerId) => {
      const stripe = await client();
      const found: Snapshot[] = [];
      const page = { customer: customerId, status: 'all', limit: PAGE } as const;
      try {
        for (let after: string | undefined; ; after = found.at(-1)?.facts.id) {
          const start = after === undefined ? {} : { starting_after: after };
          const list = await stripe.subscriptions.list({ ...page, ...start });
          const asOf = clockOf(list);
          found.push(...list.data.map((one) => ({ facts: factsOf('subscription', one), asOf })));
          if (!list.has_more) return found;
        }
      } catch (error) {
        throw toPaymentFailure(error);
      }
    },
  };
}

type Answer = Stripe.Response<object>;

const RETRIEVE: { readonly [Kind in BillingKind]: (stripe: Stripe, id: string) => Promise<Answer> } = {
  customer: (stripe, id) => stripe.customers.retrieve(id),
  subscription: (stripe, id) => stripe.subscriptions.retrieve(id),
  invoice: (stripe, id) => stripe.invoices.retrieve(id),
  charge: (stripe, id) => stripe.charges.retrieve(id),
  refund: (stripe, id) => stripe.refunds.retrieve(id),
  dispute: (stripe, id) => stripe.disputes.retrieve(id),
};

async function connect({ apiUrl, timeoutMs }: StripeOptions, secretKey: string): Promise<Stripe> {
  const { default: Client } = await import('stripe');
  // The policies of tasks decide about repetitions, not the library.
  const settings = { maxNetworkRetries: 0, timeout: timeoutMs, telemetry: false };
  return new Client(secretKey, apiUrl === undefined ? settings : { ...settings, ...placeOf(new URL(apiUrl)) });
}

function placeOf({ protocol, hostname, port }: URL): { host: string; port?: string; protocol: 'http' | 'https' } {
  return {
    host: hostname,
    protocol: protocol === 'http:' ? 'http' : 'https',
    ...(port === '' ? {} : { port }),
  };
}

function snapshotOf(kind: BillingKind, answer: Answer): Snapshot {
  return { facts: factsOf(kind, answer), asOf: clockOf(answer) };
}

function factsOf(kind: BillingKind, object: unknown): Snapshot['facts'] {
  const facts = readFacts(kind, object);
  if (facts !== undefined) return facts;
  throw new PerennialError('BackendFailed', `expected the provider to answer with a ${kind}, got something else`, {
    provider: 'stripe',
  });
}

/** Returns the time of an answer by the clock of the provider, which its events are told by too. */
function clockOf({ lastResponse }: Answer): Date {
  const said = Date.parse(lastResponse.headers['date'] ?? '');
  return new Date(Number.isNaN(said) ? Math.floor(Date.now() / 1000) * 1000 : said);
}

function isMissing(error: unknown): boolean {
  const fields: { readonly code?: unknown } = typeof error === 'object' && error !== null ? error : {};
  return fields.code === 'resource_missing';
}

const missing = (): Promise<never> =>
  Promise.reject(
    new PerennialError('BillingNotConfigured', 'expected STRIPE_SECRET_KEY to name an account, got nothing'),
  );

const nowhere: PaymentProvider = { find: missing, subscriptionsOf: missing };
