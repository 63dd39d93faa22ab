/** The port for reading invoices. */
/** One value found on an invoice, its confidence and its place. */
export interface Found<T> {
  readonly value: T;
  /** Confidence, 0 to 1. */
  readonly confidence: number;
  /** Index of the page, from 0. */
  readonly page: number;
  /** Left, top, right and bottom as fractions of the upright page; absent for computed values. */
  readonly box?: readonly [number, number, number, number];
  /** True for a value that is not printed but follows from printed ones; absent otherwise. */
  readonly computed?: true;
  /** What is doubtful about the value, in a sentence; absent otherwise. */
  readonly note?: string;
}

/** One line of an invoice's table. Amounts are decimal strings, for example `12.50`. */
export interface InvoiceLine {
  readonly description: string;
  readonly quantity?: string;
  readonly unitPrice?: string;
  readonly amount?: string;
  /** Tax rate in percent as printed on the line, for example `5.5`. */
  readonly taxRate?: string;
}

/** One tax rate of an invoice. Sums are decimal strings. */
export interface InvoiceTax {
  /** In percent, for example `5.5`. */
  readonly rate: string;
  /** The net sum that the rate applies to. */
  readonly base?: string;
  readonly amount?: string;
}

/** What was found; a field that was not found is absent. Amounts are decimal strings, dates ISO (YYYY-MM-DD). */
export interface InvoiceData {
  readonly issuer?: Found<string>;
  readonly number?: Found<string>;
  readonly date?: Found<string>;
  /** The printed date, or the one that follows from the terms of payment and the date of the invoice (`computed`). */
  readonly dueDate?: Found<string>;
  /** ISO 4217 code. */
  readonly currency?: Found<string>;
  readonly total?: Found<string>;
  readonly untaxed?: Found<string>;
  readonly tax?: Found<string>;
  /** The tax rates with their sums, in printed order. */
  readonly taxes?: readonly Found<InvoiceTax>[];
  /** VAT identification number in capitals, without spaces, with the prefix of its country: `DE136695976`. */
  readonly issuerVatId?: Found<string>;
  readonly buyerVatId?: Found<string>;
  /** Account to pay to, without spaces; only numbers with valid check digits are given. */
  readonly iban?: Found<string>;
  readonly bic?: Found<string>;
  readonly lines: readonly Found<InvoiceLine>[];
}

/** Finds the fields of invoices in the pages of documents that have been read. */
export interface InvoiceReader {
  /**
   * Finds the fields of one invoice.
   *
   * @param pages - the readings of its pages, each as JSON
   * @throws PerennialError `UnreadableInvoice`; the signal's reason on abort
   */
  read(pages: readonly string[], signal: AbortSignal): Promise<InvoiceData>;
  close(): Promise<void>;
}
