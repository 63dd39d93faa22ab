/** The port that only the routes of media use. */
import type { MediaRecords } from '../../services/media/port.ts';
import { createMediaRecords } from '../../services/media/records.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The port of media. */
export interface MediaPorts {
  readonly media: Pick<MediaRecords, 'find'>;
}

/** What the handlers of media may use. */
export type MediaServices = ApiServices & MediaPorts;

/** Builds the port over the database. */
export function openMediaPorts({ database }: ApiRoot): MediaPorts {
  return { media: createMediaRecords(database) };
}
