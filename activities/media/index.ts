/** The activities of media: one body for each row of `contracts/media/tasks.ts`. */
import { mediaTaskSchemas } from '../../contracts/media/schema.ts';
import { mediaTasks } from '../../contracts/media/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import type { MediaPorts } from './ports.ts';
import { makeVariants } from './variants.ts';
import { processVideo } from './video.ts';

/** Creates the activities of media. Every one may run twice: each file is noted once. */
export const createMediaActivities = activitiesOf(mediaTasks, mediaTaskSchemas, (ports: MediaPorts) => ({
  makeVariants: (input, context) => makeVariants(ports, input, context),
  processVideo: (input, context) => processVideo(ports, input, context),
}));
