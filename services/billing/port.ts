/** The ports of billing. */
import type { BillingDifference, ReconcileOutput } from '../../contracts/billing/schema.ts';
import type { BillingKind, EventState } from '../../contracts/billing/vocabulary.ts';

/** An object of the provider, without anything that says who pays. */
export interface BillingFacts {
  readonly id: string;
  readonly kind: BillingKind;
  readonly customerId: string | null;
  /** The charge of a refund or dispute, the subscription of an invoice. */
  readonly parentId: string | null;
  readonly status: string;
  /** In the smallest unit of the currency. */
  readonly amount: number | null;
  /** What was paid of an invoice, and refunded of a charge. */
  readonly settled: number | null;
  readonly currency: string | null;
  readonly detail: string | null;
  /** ISO time. */
  readonly endsAt: string | null;
  /** User whom the metadata of a customer name. */
  readonly userId: string | null;
}

/** How an object stands, and since when that is known. */
export interface Snapshot {
  readonly facts: BillingFacts;
  /** By the clock of the provider, in whole seconds. */
  readonly asOf: Date;
}

/** An event as it came, after its signature was checked. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly objectId: string | null;
  readonly customerId: string | null;
  readonly happenedAt: Date;
  readonly livemode: boolean;
  /** The object as JSON. */
  readonly content: Buffer;
}

/** Keeps what the provider tells. */
export interface EventInbox {
  /**
   * Keeps an event; resolves when it is stored.
   * @returns false for an event that is known
   * @throws PerennialError `DatabaseUnavailable`, `StorageFull`
   */
  keep(event: ReceivedEvent): Promise<boolean>;
}

/** Makes bytes that nobody reads without the keys. */
export interface Sealer {
  seal(plain: Uint8Array, about: string): Buffer;
  /** @throws PerennialError `SealedValueUnreadable` */
  open(sealed: Buffer, about: string): Buffer;
}

/** Numbers of processed events by what became of them. */
export type ProcessedCounts = Readonly<Record<Exclude<EventState, 'pending'>, number>>;

/** One run over what was told. */
export interface ProcessOptions {
  /** Most events that are processed. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Is called with the number of events that were processed. */
  readonly onProgress: (done: number) => void;
}

/** Processes what was told. */
export interface EventProcessor {
  /**
   * Applies pending events, those of one lane one after the other, in the order in which they happened.
   * @throws PerennialError what keeps a lane, when all others have been processed
   */
  process(options: ProcessOptions): Promise<ProcessedCounts>;
}

/** How the subscription of a user stands. */
export interface UserSubscription {
  readonly status: string | null;
  readonly until: Date | null;
}

/** What is known of the objects of the provider, and of the users that they belong to. */
export interface BillingRecords {
  /** Keeps states of objects of one customer, unless newer ones are known. */
  save(snapshots: readonly Snapshot[]): Promise<void>;
  /** Returns the customer of a user; `undefined` when there is no such user. */
  customerOf(userId: string): Promise<{ readonly customerId: string | null } | undefined>;
  /** Makes a customer that of a user. Returns false when the customer belongs to another user. */
  link(userId: string, customerId: string): Promise<boolean>;
  /** Returns where a customer is written to: the address of its user; `undefined` without one. */
  mailboxOf(customerId: string): Promise<string | undefined>;
  /** Returns how the best subscription of a user stands. */
  subscriptionOf(userId: string): Promise<UserSubscription>;
}

/** Asks the provider of payments. Every method throws PerennialError `Backend…` or `BillingNotConfigured`. */
export interface PaymentProvider {
  /** Returns how an object stands now; `undefined` when the provider does not know it. */
  find(kind: BillingKind, id: string): Promise<Snapshot | undefined>;
  /** Returns all subscriptions of a customer, ended ones included. */
  subscriptionsOf(customerId: string): Promise<readonly Snapshot[]>;
  /** Returns all objects of a kind that were made since a time, page by page; subscriptions of any age. */
  list(kind: ListedKind, since: Date): AsyncIterable<readonly ListedObject[]>;
  /** Makes a refund, or answers with the one that was made under its key. */
  refund(request: RefundRequest): Promise<Snapshot>;
  /** Returns the refund of a charge that was made under a key; `undefined` without one. */
  refundUnder(chargeId: string, key: string): Promise<Snapshot | undefined>;
  /** Returns an invoice as people read it; `undefined` when the provider does not know it. */
  invoice(id: string): Promise<InvoiceDocument | undefined>;
}

/** Kinds of objects that are compared. */
export type ListedKind = Exclude<BillingKind, 'customer'>;

/** An object of a list, and when it was made. */
export interface ListedObject extends Snapshot {
  readonly createdAt: Date;
}

/** A refund that is to be made. */
export interface RefundRequest {
  readonly chargeId: string;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | undefined;
  /** The same key is the same refund: the provider keeps it for a day, and the refund carries it for ever. */
  readonly key: string;
}

/** An invoice as people read it. Amounts are in the smallest unit of the currency. */
export interface InvoiceDocument {
  readonly id: string;
  readonly customerId: string | null;
  readonly status: string;
  readonly number: string | null;
  readonly currency: string;
  readonly seller: string;
  readonly buyer: string;
  /** Where the provider would send it. */
  readonly email: string | null;
  /** Lines of the address of the buyer. */
  readonly address: readonly string[];
  /** ISO time. */
  readonly issuedAt: string;
  readonly dueAt: string | null;
  readonly lines: readonly InvoiceLine[];
  readonly subtotal: number;
  readonly total: number;
  readonly paid: number;
}

/** One line of an invoice. */
export interface InvoiceLine {
  readonly text: string;
  readonly quantity: number | null;
  readonly amount: number;
}

/** Draws invoices. The same invoice gives the same bytes. */
export interface InvoiceDrawer {
  /** @throws PerennialError `RendererCrashed`; the reason of the signal */
  draw(invoice: InvoiceDocument, signal: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly pages: number }>;
}

/** The outcome of a comparison. */
export type Comparison = Omit<ReconcileOutput, 'first'> & { readonly first: readonly BillingDifference[] };

/** Compares what the provider has with what is known here. */
export interface Reconciler {
  /**
   * Compares objects that were made since a time, and keeps the differences.
   * @throws PerennialError what the provider answers
   */
  compare(
    since: Date,
    context: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
  ): Promise<Comparison>;
}
