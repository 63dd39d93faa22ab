/** A thread that reads invoices, because what strangers print decides how long that takes. */
import { serve } from '../processes/serve.ts';
import type { PageReading } from '../ocr/port.ts';
import { extractInvoice } from './extract.ts';
import type { InvoiceTask } from './reader.ts';

serve<InvoiceTask>(
  () =>
    ({ pages }) =>
      // `as` is safe: the store wrote the pages.
      extractInvoice(pages.map((page) => JSON.parse(page) as PageReading)),
);
