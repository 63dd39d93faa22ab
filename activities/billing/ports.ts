/** The ports of billing; composition roots supply them. */
import type {
  BillingRecords,
  EventProcessor,
  InvoiceDrawer,
  PaymentProvider,
  Reconciler,
} from '../../services/billing/port.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { Mailer } from '../../services/email/port.ts';

/** Reads and writes amounts of a currency. */
export interface Money {
  /** @throws PerennialError `InvalidAmount` */
  smallestUnits(amount: string, currency: string): number;
  decimalAmount(units: number, currency: string): string;
}

/** All ports of billing. */
export interface BillingPorts {
  readonly provider: PaymentProvider;
  readonly records: BillingRecords;
  readonly processor: EventProcessor;
  readonly reconciler: Reconciler;
  readonly drawer: InvoiceDrawer;
  readonly money: Money;
  readonly mailer: Pick<Mailer, 'prepare' | 'deliver'>;
  readonly blobs: Pick<BlobStore, 'put'>;
  /** The clock; tests replace it. */
  readonly now: () => Date;
}
