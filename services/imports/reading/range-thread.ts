/** A thread that reads ranges, so that parsing and validating do not delay the worker's heartbeat. */
import { serve } from '../../processes/serve.ts';
import { createSweeper } from './outside-heap.ts';
import type { RangeTask } from './range-messages.ts';
import { RangeReader } from './range-reader.ts';

serve<RangeTask>(() => {
  const sweep = createSweeper('all');
  let reader: RangeReader | undefined;
  return (task, job) => {
    if (task.kind === 'begin') {
      reader = new RangeReader(task.job);
      return undefined;
    }
    if (reader === undefined) throw new TypeError('expected a range to be begun, got bytes');
    const { bytes, last, spent } = task;
    const batches = reader.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), last);
    job.handOver(...batches.flatMap(({ copy, rejects }) => [copy.buffer, rejects.buffer]));
    job.afterwards(() => sweep([bytes, ...spent].reduce((sum, { byteLength }) => sum + byteLength, 0)));
    return batches;
  };
});
