/** A thread that reads ranges: parsing and validating must not hold up the heartbeat of the worker. */
import { parentPort } from 'node:worker_threads';
import { createSweeper } from './outside-heap.ts';
import { RangeReader } from './range-reader.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

if (parentPort === null) throw new TypeError('expected to run in a thread');
const port = parentPort;

const sweep = createSweeper('all');
let reader: RangeReader | undefined;

function work(message: ToThread): FromThread {
  if (message.kind === 'begin') {
    reader = new RangeReader(message.job);
    return { kind: 'batches', batches: [] };
  }
  if (reader === undefined) return { kind: 'failed', message: 'expected a range to be begun, got bytes' };
  const { buffer, byteOffset, byteLength } = message.bytes;
  return { kind: 'batches', batches: reader.read(Buffer.from(buffer, byteOffset, byteLength), message.last) };
}

port.on('message', (message: ToThread) => {
  let answer: FromThread;
  try {
    answer = work(message);
  } catch (error) {
    // The message may quote a record; its kind and place are enough to report it.
    answer = { kind: 'failed', message: error instanceof Error ? error.name : 'an unknown error' };
  }
  const buffers =
    answer.kind === 'batches' ? answer.batches.flatMap(({ copy, rejects }) => [copy.buffer, rejects.buffer]) : [];
  port.postMessage(answer, buffers);
  if (message.kind === 'bytes')
    sweep([message.bytes, ...message.spent].reduce((sum, { byteLength }) => sum + byteLength, 0));
});
