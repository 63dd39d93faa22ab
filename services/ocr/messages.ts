/** Messages between the reader and its child processes. */
import type { DocumentFacts, PageReading, ReadPageRequest, RenderedPage, RenderSettings } from './port.ts';
import type { CopyFacts } from './searchable/port.ts';

/** Settings that a child receives once, when it starts. */
export interface ChildSettings {
  readonly maxPixels: number;
  readonly maxFileBytes: number;
  readonly maxPages: number;
  /** Path of the tesseract binary, or `undefined` to read with tesseract.js. */
  readonly tesseract: string | undefined;
}

/** A prepared picture for a remote backend, or the text layer that makes a picture unnecessary. */
export type PictureResult =
  | { readonly kind: 'reading'; readonly reading: PageReading }
  | {
      readonly kind: 'picture';
      readonly jpeg: Buffer;
      /** Size of the upright page before it was scaled for sending. */
      readonly width: number;
      readonly height: number;
      readonly rotation: 0 | 90 | 180 | 270;
      readonly skew: number;
    };

/** One task of a child. */
export type PageTask =
  | { readonly kind: 'inspect'; readonly path: string }
  | { readonly kind: 'read'; readonly request: ReadPageRequest }
  | { readonly kind: 'picture'; readonly request: ReadPageRequest }
  | { readonly kind: 'render'; readonly path: string; readonly page: number; readonly settings: RenderSettings }
  | {
      readonly kind: 'addText';
      readonly path: string;
      /** File that the copy is written to. */
      readonly target: string;
      /** File of the texts to add: one `AddedText` in JSON on each line. */
      readonly readings: string;
    };

/** The result of each kind of task. */
export interface PageResults {
  inspect: DocumentFacts;
  read: PageReading;
  picture: PictureResult;
  render: RenderedPage;
  addText: CopyFacts;
}
