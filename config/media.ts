/** Settings of media. */
import { availableParallelism } from 'node:os';
import { BYTES_PER_MB } from '../contracts/values/units.ts';
import { mapped, number } from './entries.ts';

export const media = {
  /** At least 1. */
  processes: mapped(
    number(
      'MEDIA_PROCESSES',
      0,
      { min: 0, max: 1024 },
      { doc: 'Pictures made at once by one worker.', unit: 'processes', defaultText: '0 (one for each core)' },
    ),
    (processes) => (processes === 0 ? availableParallelism() : processes),
  ),
  timeoutMs: number(
    'MEDIA_TIMEOUT_MS',
    180_000,
    { min: 100, max: 3_600_000 },
    { doc: 'Longest time that one variant of a picture may take.', unit: 'ms' },
  ),
  memoryMb: number(
    'MEDIA_MEMORY_MB',
    2_048,
    { min: 64, max: 1_000_000 },
    { doc: 'Most memory that one variant of a picture may take.', unit: 'MB' },
  ),
  maxPixels: number(
    'MEDIA_MAX_PIXELS',
    100_000_000,
    { min: 1_000, max: 10_000_000_000 },
    { doc: 'Largest picture, and largest frame of a film.', unit: 'pixels' },
  ),
  maxVideoSeconds: number('MEDIA_VIDEO_MAX_SECONDS', 600, { min: 1, max: 86_400 }, { doc: 'Longest film.', unit: 's' }),
  videoTimeoutMs: number(
    'MEDIA_VIDEO_TIMEOUT_MS',
    480_000,
    { min: 100, max: 3_600_000 },
    { doc: 'Longest time that writing a film may take.', unit: 'ms' },
  ),
  maxFileBytes: mapped(
    number('MEDIA_MAX_MB', 500, { min: 1, max: 100_000 }, { doc: 'Largest file of a picture or a film.', unit: 'MB' }),
    (mb) => mb * BYTES_PER_MB,
  ),
};
