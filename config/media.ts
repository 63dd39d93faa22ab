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
    { doc: 'Largest picture.', unit: 'pixels' },
  ),
  maxFileBytes: mapped(
    number('MEDIA_MAX_MB', 500, { min: 1, max: 100_000 }, { doc: 'Largest file of a picture.', unit: 'MB' }),
    (mb) => mb * BYTES_PER_MB,
  ),
};
