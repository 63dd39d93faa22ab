import type { SendInvoiceInput, SendInvoiceOutput } from '../../contracts/billing/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { InvoiceDocument } from '../../services/billing/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { BillingPorts } from './ports.ts';

/** Statuses of invoices that somebody may be sent. */
const SENDABLE: ReadonlySet<string> = new Set(['open', 'paid', 'uncollectible']);

/** Sends an invoice by mail with its PDF. A second run sends nothing, because the ledger of mail knows the invoice. */
export async function sendInvoice(
  ports: BillingPorts,
  { customerId, invoiceId }: SendInvoiceInput,
  { signal }: TaskContext,
): Promise<SendInvoiceOutput> {
  const invoice = await invoiceOf(ports, customerId, invoiceId);
  const to = (await ports.records.mailboxOf(customerId)) ?? invoice.email;
  if (to === null)
    throw new PerennialError('InvoiceNotReady', 'customerId: expected a customer with an e-mail address, got none');
  const { bytes, pages } = await ports.drawer.draw(invoice, signal);
  const ref = await ports.blobs.put('billing/invoices', bytes);
  const name = invoice.number ?? invoice.id;
  const email = await ports.mailer.prepare(
    {
      subject: `Your invoice ${name}`,
      text: textOf(ports, invoice, name),
      attachments: [
        { ref, filename: `invoice-${name.replaceAll(/[^\w-]/g, '-')}.pdf`, contentType: 'application/pdf' },
      ],
    },
    signal,
  );
  const [delivered] = await ports.mailer.deliver([{ key: `billing.invoice:${invoiceId}`, to, email }], {
    signal,
    retryFailed: true,
  });
  if (delivered === undefined) throw new TypeError('expected an outcome of the mail, got none');
  if (delivered.status !== 'sent') throw delivered.failure;
  return { status: 'sent', invoice_id: invoiceId, number: invoice.number, pages };
}

async function invoiceOf(
  { provider }: Pick<BillingPorts, 'provider'>,
  customerId: string,
  invoiceId: string,
): Promise<InvoiceDocument> {
  const invoice = await provider.invoice(invoiceId);
  if (invoice === undefined)
    throw new PerennialError(
      'BillingObjectMissing',
      'invoiceId: expected an invoice that the provider knows, got another id',
    );
  if (invoice.customerId !== customerId)
    throw new PerennialError(
      'ForeignBillingObject',
      'invoiceId: expected an invoice of the customer, got one of another',
    );
  if (SENDABLE.has(invoice.status)) return invoice;
  throw new PerennialError(
    'InvoiceNotReady',
    `invoiceId: expected an invoice that is open, paid or uncollectible, got one that is ${invoice.status}`,
  );
}

function textOf({ money }: Pick<BillingPorts, 'money'>, invoice: InvoiceDocument, name: string): string {
  const { currency, total, paid, dueAt, seller } = invoice;
  const amount = `${money.decimalAmount(total, currency)} ${currency.toUpperCase()}`;
  const due = dueAt === null ? 'It is due now.' : `It is due on ${dueAt.slice(0, 10)}.`;
  const state = paid >= total ? 'It is paid; there is nothing to do.' : due;
  return `Hello,\n\nthe invoice ${name} over ${amount} is attached. ${state}\n\n${seller}\n`;
}
