/** Builds the adapters and activities of media. */
import { createMediaActivities } from '../../activities/media/index.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createPictureMaker } from '../../services/media/pictures/maker.ts';
import { createMediaRecords } from '../../services/media/records.ts';
import type { Domain, DomainContext } from './domain.ts';

/** The domain of media over real adapters. */
export function createMediaDomain({ config, database, shell }: DomainContext): Domain {
  const { maxFileBytes, ...limits } = config.media;
  const pictures = createPictureMaker({ ...limits, maxBytes: maxFileBytes });
  const ports = { pictures, records: createMediaRecords(database), blobs: createBlobStore(config.blobs.url) };
  return { activities: createMediaActivities(ports, shell), close: () => pictures.close() };
}
