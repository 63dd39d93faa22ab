/** The tasks of media: the rows that this domain adds to the catalogue. */
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';
import { queueLimits } from '../tasks/time-limits.ts';
import type { RetryRule } from '../tasks/retry-rules.ts';
import { SECOND_MS } from '../values/units.ts';
import type { MakeVariantsInput, MakeVariantsOutput, ProcessVideoInput, ProcessVideoOutput } from './schema.ts';

const pictureRetry: RetryRule = {
  attempts: 4,
  delayMs: 10 * SECOND_MS,
  factor: 2,
  reason: 'A process or a store that is away is back soon; what has been made is not made again.',
};

export const mediaTasks = {
  makeVariants: taskRow<MakeVariantsInput, MakeVariantsOutput>()({
    name: 'media.makeVariants',
    purpose: 'Makes thumbnail, web and original of a picture in WebP, AVIF and JPEG, each once for each key.',
    queue: queues.adminMedia,
    parameters: ['mediaKey', 'source', 'variants', 'formats', 'metadata', 'animation'],
    retry: pictureRetry,
    limits: queueLimits(queues.adminMedia),
  }),
  processVideo: taskRow<ProcessVideoInput, ProcessVideoOutput>()({
    name: 'media.processVideo',
    purpose: 'Makes a poster and an MP4 for the web of a film, each once for each key.',
    queue: queues.adminMedia,
    parameters: ['mediaKey', 'source'],
    retry: pictureRetry,
    limits: queueLimits(queues.adminMedia),
  }),
} as const;
