/** The ports of billing. */
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
  /** Returns how the best subscription of a user stands. */
  subscriptionOf(userId: string): Promise<UserSubscription>;
}

/** Asks the provider of payments. Every method throws PerennialError `Backend…` or `BillingNotConfigured`. */
export interface PaymentProvider {
  /** Returns how an object stands now; `undefined` when the provider does not know it. */
  find(kind: BillingKind, id: string): Promise<Snapshot | undefined>;
  /** Returns all subscriptions of a customer, ended ones included. */
  subscriptionsOf(customerId: string): Promise<readonly Snapshot[]>;
}
