/**
 * A thread that plans imports. It parses untrusted bytes first, so it has a small heap and can be ended at any time.
 */
import { type JobContext, serve } from '../../processes/serve.ts';
import { ByteRoom } from './byte-room.ts';
import { createSweeper } from './outside-heap.ts';
import { planImport, type PlanFiles, type PlanSource } from './planning.ts';
import type { PlanCall, PlannedSource, PlanTask } from './planning-messages.ts';

/** Bytes of one message. */
const WRITE_BYTES = 256 * 1024;

const sweep = createSweeper('young');

serve<PlanTask>(
  () =>
    ({ size, options, limits }, job) =>
      planImport(filesOf(job, size), options, limits),
);

function filesOf(job: JobContext, size: number): PlanFiles {
  const ask = (call: PlanCall, transfer?: readonly ArrayBuffer[]): Promise<unknown> => job.call(call, transfer);
  return {
    file: sourceOf(ask, 'given', size),
    rewrite: async (content) => {
      const room = new ByteRoom();
      const send = async (): Promise<void> => {
        const bytes = room.take();
        sweep(bytes.length);
        await ask({ kind: 'write', bytes }, [bytes.buffer]);
      };
      for await (const chunk of content) {
        room.append(chunk);
        if (room.length >= WRITE_BYTES) await send();
      }
      if (room.length > 0) await send();
      const written = (await ask({ kind: 'finish' })) as number; // PlanCall specifies this reply
      return sourceOf(ask, 'rewritten', written);
    },
  };
}

function sourceOf(ask: (call: PlanCall) => Promise<unknown>, of: PlannedSource, size: number): PlanSource {
  return {
    size,
    read: async function* (from, to) {
      const stream = (await ask({ kind: 'open', of, from, to })) as number; // PlanCall specifies this reply
      try {
        for (;;) {
          const bytes = (await ask({ kind: 'next', stream })) as Uint8Array<ArrayBuffer> | undefined; // PlanCall specifies this reply
          if (bytes === undefined) return;
          sweep(bytes.length);
          yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        }
      } finally {
        await ask({ kind: 'close', stream });
      }
    },
  };
}
