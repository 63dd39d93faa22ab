/** What parent and child of the renderer say to each other. */
import type { FailureType } from '../../contracts/failures.ts';
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

/** From the parent. */
export interface DrawRequest {
  readonly id: number;
  readonly task: DrawTask;
}

/** From the child. */
export type DrawAnswer =
  /** `drawMs`: how long the drawing took, without the way there and back. */
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown; readonly drawMs: number }
  | { readonly kind: 'failed'; readonly id: number; readonly type: FailureType; readonly message: string };
