/** What the renderer has its process draw. */
import type { Analytics } from '../../contracts/reports/schema.ts';
import type { DrawnChart, PdfContent, Sheet } from './port.ts';

/** One thing to draw. */
export type DrawTask =
  | { readonly kind: 'charts'; readonly data: Analytics }
  | { readonly kind: 'pdf'; readonly content: PdfContent }
  | { readonly kind: 'sheet'; readonly sheet: Sheet };

/** What each kind of task gives. */
export interface DrawResults {
  readonly charts: readonly DrawnChart[];
  readonly pdf: { readonly bytes: Uint8Array; readonly pages: number };
  readonly sheet: Uint8Array;
}
