/** The ports of media; composition roots supply them. */
import type { BlobStore } from '../../services/blobs/port.ts';
import type { MediaRecords, PictureMaker, VideoMaker } from '../../services/media/port.ts';

/** All ports of the domain. */
export interface MediaPorts {
  readonly pictures: PictureMaker;
  readonly videos: VideoMaker;
  readonly records: MediaRecords;
  readonly blobs: Pick<BlobStore, 'put' | 'localFile'>;
}
