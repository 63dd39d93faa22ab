/** Messages between the pool and the processes that make pictures. */
import type { AnimationChoice } from '../../../contracts/media/vocabulary.ts';
import type { MadePicture, PictureFacts, WantedPicture } from '../port.ts';

/** Limits that a process checks before it decodes anything. */
export interface PictureLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
}

/** A job of a process. */
export type PictureTask =
  | { readonly kind: 'look'; readonly path: string; readonly animation: AnimationChoice }
  | { readonly kind: 'make'; readonly path: string; readonly wanted: WantedPicture };

/** What each job gives. */
export interface PictureResults extends Record<PictureTask['kind'], unknown> {
  readonly look: PictureFacts;
  readonly make: MadePicture;
}
