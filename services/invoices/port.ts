/** The port for reading invoices. */
import type { PageReading } from '../ocr/port.ts';

/** One value found on an invoice, its confidence and its place. */
export interface Found<T> {
  readonly value: T;
  /** Confidence, 0 to 1. */
  readonly confidence: number;
  /** Index of the page, from 0. */
  readonly page: number;
  /** Left, top, right and bottom as fractions of the upright page; absent for computed values. */
  readonly box?: readonly [number, number, number, number];
}

/** One line of an invoice's table. Amounts are decimal strings, for example `12.50`. */
export interface InvoiceLine {
  readonly description: string;
  readonly quantity?: string;
  readonly unitPrice?: string;
  readonly amount?: string;
}

/** What was found; a field that was not found is absent. Amounts are decimal strings, dates ISO (YYYY-MM-DD). */
export interface InvoiceData {
  readonly issuer?: Found<string>;
  readonly number?: Found<string>;
  readonly date?: Found<string>;
  /** ISO 4217 code. */
  readonly currency?: Found<string>;
  readonly total?: Found<string>;
  readonly untaxed?: Found<string>;
  readonly tax?: Found<string>;
  readonly lines: readonly Found<InvoiceLine>[];
}

/**
 * Finds the fields of an invoice in the pages of a document that has been read. The function is pure and never throws
 * on odd input.
 */
export type ExtractInvoice = (pages: readonly PageReading[]) => InvoiceData;
