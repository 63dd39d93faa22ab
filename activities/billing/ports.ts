/** The ports of billing; composition roots supply them. */
import type { BillingRecords, EventProcessor, PaymentProvider } from '../../services/billing/port.ts';

/** All ports of billing. */
export interface BillingPorts {
  readonly provider: PaymentProvider;
  readonly records: BillingRecords;
  readonly processor: EventProcessor;
}
