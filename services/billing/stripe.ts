/** Stripe as the provider of payments, by its official client, which is loaded with the first question. */
import type Stripe from 'stripe';
import type { BillingKind } from '../../contracts/billing/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { whenUsed } from '../../contracts/values/when-used.ts';
import { otherAnswer, toPaymentFailure } from './errors.ts';
import { readFacts } from './facts.ts';
import { readInvoice } from './invoice-document.ts';
import type { ListedKind, ListedObject, PaymentProvider, Snapshot } from './port.ts';

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

/** Name under which a refund carries its key. */
const KEY = 'perennial_key';

/** Creates the provider. Nothing is connected before the first question. */
export function createStripe(options: StripeOptions): PaymentProvider {
  const { secretKey } = options;
  if (secretKey === undefined) return nowhere;
  const client = whenUsed(() => connect(options, secretKey));
  const ask = async <T>(question: (stripe: Stripe) => Promise<T>): Promise<T> => {
    try {
      return await question(await client());
    } catch (error) {
      throw toPaymentFailure(error);
    }
  };
  return {
    find: (kind, id) => ask((stripe) => unlessMissing(async () => snapshotOf(kind, await RETRIEVE[kind](stripe, id)))),
    subscriptionsOf: async (customer) => {
      const pages = pagesOf('subscription', (after) =>
        ask((stripe) => stripe.subscriptions.list({ customer, status: 'all', limit: PAGE, ...after })),
      );
      const found: Snapshot[] = [];
      for await (const page of pages) found.push(...page);
      return found;
    },
    list: (kind, since) => {
      const range = { limit: PAGE, created: { gte: Math.floor(since.getTime() / SECOND_MS) } };
      return pagesOf(kind, (after) => ask((stripe) => LIST[kind](stripe, { ...range, ...after })));
    },
    refund: ({ chargeId: charge, amount, reason, key }) =>
      ask(async (stripe) => {
        const why = reason === undefined ? {} : { reason };
        const made = await stripe.refunds.create(
          { charge, amount, metadata: { [KEY]: key }, ...why },
          { idempotencyKey: key },
        );
        return snapshotOf('refund', made);
      }),
    refundUnder: async (charge, key) => {
      const pages = pagesOf('refund', (after) =>
        ask((stripe) => stripe.refunds.list({ charge, limit: PAGE, ...after })),
      );
      for await (const page of pages) {
        const found = page.find((one) => one.key === key);
        if (found !== undefined) return { facts: found.facts, asOf: found.asOf };
      }
      return undefined;
    },
    invoice: (id) => ask((stripe) => unlessMissing(async () => readInvoice(await stripe.invoices.retrieve(id)))),
  };
}

type Answer = Stripe.Response<object>;
type Page = Stripe.Response<{ data: object[]; has_more: boolean }>;
interface After {
  readonly starting_after?: string;
}
type Range = Required<Pick<Stripe.PaginationParams, 'limit'>> & { readonly created: { gte: number } } & After;

const RETRIEVE: { readonly [Kind in BillingKind]: (stripe: Stripe, id: string) => Promise<Answer> } = {
  customer: (stripe, id) => stripe.customers.retrieve(id),
  subscription: (stripe, id) => stripe.subscriptions.retrieve(id),
  invoice: (stripe, id) => stripe.invoices.retrieve(id),
  charge: (stripe, id) => stripe.charges.retrieve(id),
  refund: (stripe, id) => stripe.refunds.retrieve(id),
  dispute: (stripe, id) => stripe.disputes.retrieve(id),
};

const LIST: { readonly [Kind in ListedKind]: (stripe: Stripe, range: Range) => Promise<Page> } = {
  // One that was made long ago may have changed today.
  subscription: (stripe, { created: _any, ...range }) => stripe.subscriptions.list({ ...range, status: 'all' }),
  invoice: (stripe, range) => stripe.invoices.list(range),
  charge: (stripe, range) => stripe.charges.list(range),
  refund: (stripe, range) => stripe.refunds.list(range),
  dispute: (stripe, range) => stripe.disputes.list(range),
};

interface Listed extends ListedObject {
  /** Key that a refund carries. */
  readonly key: string | undefined;
}

async function* pagesOf(kind: BillingKind, load: (after: After) => Promise<Page>): AsyncGenerator<readonly Listed[]> {
  for (let after: After = {}; ;) {
    const page = await load(after);
    const asOf = clockOf(page);
    const listed = page.data.map((object) => ({ facts: factsOf(kind, object), asOf, ...ofList(object) }));
    yield listed;
    const last = listed.at(-1);
    if (!page.has_more || last === undefined) return;
    after = { starting_after: last.facts.id };
  }
}

function ofList(object: object): Pick<Listed, 'createdAt' | 'key'> {
  const { created, metadata }: { created?: unknown; metadata?: Readonly<Record<string, unknown>> | null } = object;
  const key = metadata?.[KEY];
  return {
    createdAt: new Date(typeof created === 'number' ? created * SECOND_MS : 0),
    key: typeof key === 'string' ? key : undefined,
  };
}

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
  throw otherAnswer(`an object of the kind ${kind}`);
}

/** Returns the time of an answer by the clock of the provider, which its events are told by too. */
function clockOf({ lastResponse }: Pick<Answer, 'lastResponse'>): Date {
  const said = Date.parse(lastResponse.headers['date'] ?? '');
  return new Date(Number.isNaN(said) ? Math.floor(Date.now() / SECOND_MS) * SECOND_MS : said);
}

async function unlessMissing<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    const fields: { readonly code?: unknown } = typeof error === 'object' && error !== null ? error : {};
    if (fields.code === 'resource_missing') return undefined;
    throw error;
  }
}

const missing = (): Promise<never> =>
  Promise.reject(
    new PerennialError('BillingNotConfigured', 'expected STRIPE_SECRET_KEY to name an account, got nothing'),
  );

const nowhere: PaymentProvider = {
  find: missing,
  subscriptionsOf: missing,
  list: async function* () {
    yield await missing();
  },
  refund: missing,
  refundUnder: missing,
  invoice: missing,
};
