/** What the domain of media needs: a maker of pictures, and records of what was made. */
import type { MediaFile } from '../../contracts/media/schema.ts';
import type {
  AnimationChoice,
  MetadataChoice,
  PictureFormat,
  PictureVariant,
} from '../../contracts/media/vocabulary.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';

/** What a picture is, as it is looked at: after the turn that its camera noted. */
export interface PictureFacts {
  readonly width: number;
  readonly height: number;
}

/** One file to make of a picture. */
export interface WantedPicture {
  readonly variant: PictureVariant;
  readonly format: PictureFormat;
  readonly metadata: MetadataChoice;
}

/** A picture that was made. */
export interface MadePicture extends PictureFacts {
  readonly bytes: Uint8Array;
}

/** Makes pictures in processes with limits, because foreign bytes are decoded there. */
export interface PictureMaker {
  /**
   * Looks at a picture and refuses what cannot be read.
   *
   * @param path - a local file
   * @throws PerennialError `EmptyFile`, `UnsupportedPicture`, `DamagedPicture`, `PictureTooLarge`, `AnimatedPicture`,
   *   `DecoderMissing`, `PictureTimeLimit`, `PictureMemoryLimit`, `PictureProcessCrashed`
   */
  look(path: string, animation: AnimationChoice, signal: AbortSignal): Promise<PictureFacts>;
  /** Makes one file; aborting ends the process that makes it. @throws PerennialError as {@link look} */
  make(path: string, wanted: WantedPicture, signal: AbortSignal): Promise<MadePicture>;
  close(): Promise<void>;
}

/** What a film is. */
export interface VideoFacts extends PictureFacts {
  readonly seconds: number;
}

/** Makes files of films with the programs of ffmpeg, in processes with limits. */
export interface VideoMaker {
  /**
   * Looks at a film and refuses what cannot be read.
   *
   * @param path - a local file
   * @throws PerennialError `VideoToolMissing`, `UnsupportedVideo`, `VideoTooLarge`, `VideoLimit`, `PictureProcessCrashed`
   */
  look(path: string, signal: AbortSignal): Promise<VideoFacts>;
  /** Writes one frame as JPEG; aborting ends the program. @throws PerennialError as {@link look}, and `DamagedVideo` */
  poster(path: string, target: string, facts: VideoFacts, signal: AbortSignal): Promise<PictureFacts>;
  /** Writes the film as MP4; aborting ends the program. @throws PerennialError as {@link poster} */
  transcode(path: string, target: string, facts: VideoFacts, signal: AbortSignal): Promise<PictureFacts>;
  close(): Promise<void>;
}

/** Names a medium. */
export interface MediaName {
  /** `undefined` for callers that name none; nobody else finds the medium. */
  readonly tenant: string | undefined;
  readonly key: string;
}

/** A medium and what was made of it. */
export interface StoredMedium {
  readonly key: string;
  readonly createdAt: Date;
  readonly files: readonly MediaFile[];
}

/** What was made of media. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export interface MediaRecords {
  /**
   * Notes a medium, or finds it again.
   *
   * @param content - what it is made from and what is wanted, as a checksum
   * @returns its files so far
   * @throws PerennialError `MediaKeyReused` the key belongs to other content
   */
  begin(name: MediaName, content: string, source: BlobRef): Promise<readonly MediaFile[]>;
  /** Notes a file; one that has the name already stays, and is returned. */
  add(name: MediaName, file: MediaFile): Promise<MediaFile>;
  find(name: MediaName): Promise<StoredMedium | undefined>;
}
