/** A thread that reads tables, so that parsing does not delay the heartbeat of the worker. */
import { type JobContext, serve } from '../../processes/serve.ts';
import { createSweeper } from '../../imports/reading/outside-heap.ts';
import type { Written } from '../port.ts';
import { TableProfile } from '../profiling/table.ts';
import { writerOf } from '../writing/writers.ts';
import type { TableWriter } from '../writing/written.ts';
import { TableReader } from './table-reader.ts';
import type { TableTask } from './thread-messages.ts';

serve<TableTask>(() => {
  const sweep = createSweeper('all');
  let profile: TableProfile | undefined;
  let writer: TableWriter | undefined;
  let reader: TableReader | undefined;
  return async (task, job) => {
    switch (task.kind) {
      case 'profile':
        writer = undefined;
        profile = new TableProfile(task.place);
        reader = new TableReader(task.place, profile);
        return undefined;
      case 'write':
        writer = await writerOf(task.form, task.place.layout.header);
        reader = new TableReader(task.place, writer);
        return undefined;
      case 'report':
        return profile?.result();
      case 'counts':
        return writer?.counts;
      case 'bytes': {
        const { bytes, last } = task;
        reader?.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), last);
        job.afterwards(() => sweep(bytes.byteLength));
        if (last) writer?.finish();
        return given(writer?.take(), job);
      }
    }
  };
});

function given(written: Written | undefined, job: JobContext): Written | undefined {
  if (written === undefined) return undefined;
  job.handOver(written.table.buffer, ...(written.changes === undefined ? [] : [written.changes.buffer]));
  return written;
}
