/** Messages between the pool and the processes that make films. */
import type { PictureFacts, VideoFacts } from '../port.ts';

/** What a process is told once. */
export interface VideoSettings {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly maxBytes: number;
  readonly maxPixels: number;
  readonly maxSeconds: number;
}

interface WriteTask {
  readonly path: string;
  readonly target: string;
  readonly facts: VideoFacts;
}

/** A job of a process. */
export type VideoTask =
  | { readonly kind: 'look'; readonly path: string }
  | ({ readonly kind: 'poster' } & WriteTask)
  | ({ readonly kind: 'transcode' } & WriteTask);

/** What each job gives. */
export interface VideoResults extends Record<VideoTask['kind'], unknown> {
  readonly look: VideoFacts;
  readonly poster: PictureFacts;
  readonly transcode: PictureFacts;
}
