/** Builds the adapters and activities of media. */
import { createMediaActivities } from '../../activities/media/index.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createPictureMaker } from '../../services/media/pictures/maker.ts';
import { createMediaRecords } from '../../services/media/records.ts';
import { createVideoMaker } from '../../services/media/videos/maker.ts';
import type { Domain, DomainContext } from './domain.ts';

/** The domain of media over real adapters. */
export function createMediaDomain({ config, database, shell }: DomainContext): Domain {
  const { maxFileBytes: maxBytes, maxPixels, processes, memoryMb, timeoutMs, ...video } = config.media;
  const limits = { maxBytes, maxPixels, processes, memoryMb };
  const pictures = createPictureMaker({ ...limits, timeoutMs });
  const videos = createVideoMaker({ ...limits, timeoutMs: video.videoTimeoutMs, maxSeconds: video.maxVideoSeconds });
  const records = createMediaRecords(database);
  const ports = { pictures, videos, records, blobs: createBlobStore(config.blobs.url) };
  return {
    activities: createMediaActivities(ports, shell),
    close: async () => {
      await Promise.all([pictures.close(), videos.close()]);
    },
  };
}
