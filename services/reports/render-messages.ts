/** Messages between the renderer and its child process. */
import type { Analytics } from '../../contracts/reports/schema.ts';
import type { InvoiceDocument } from '../billing/port.ts';
import type { DrawnChart, PdfContent, Sheet } from './port.ts';

/** A task of the child process. */
export type DrawTask =
  | { readonly kind: 'charts'; readonly data: Analytics }
  | { readonly kind: 'pdf'; readonly content: PdfContent }
  | { readonly kind: 'invoice'; readonly invoice: InvoiceDocument }
  | { readonly kind: 'sheet'; readonly sheet: Sheet };

/** The result of each kind of task. */
export interface DrawResults {
  readonly charts: readonly DrawnChart[];
  readonly pdf: { readonly bytes: Uint8Array; readonly pages: number };
  readonly invoice: { readonly bytes: Uint8Array; readonly pages: number };
  readonly sheet: Uint8Array;
}
