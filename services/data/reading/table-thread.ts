/** A thread that reads tables, so that parsing does not delay the heartbeat of the worker. */
import { serve } from '../../processes/serve.ts';
import { createSweeper } from '../../imports/reading/outside-heap.ts';
import { TableProfile } from '../profiling/table.ts';
import { TableReader } from './table-reader.ts';
import type { TableTask } from './thread-messages.ts';

serve<TableTask>(() => {
  const sweep = createSweeper('all');
  let profile: TableProfile | undefined;
  let reader: TableReader | undefined;
  return (task, job) => {
    if (task.kind === 'profile') {
      profile = new TableProfile(task.place);
      reader = new TableReader(task.place, profile);
      return undefined;
    }
    if (task.kind === 'report') return profile?.result();
    const { bytes, last } = task;
    reader?.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), last);
    job.afterwards(() => sweep(bytes.byteLength));
    return undefined;
  };
});
