import { setTimeout as sleep } from 'node:timers/promises';
import { chunks } from '../../concurrency/chunks.ts';
import type { LongRunningInput, LongRunningOutput } from '../../contracts/operations/schema.ts';
import type { TaskBody } from '../shell/task-body.ts';

const DEFAULT_CHUNK = 100;

/** The details of the heartbeat: the number of finished chunks. */
interface Done {
  readonly chunks: number;
}

/**
 * Processes its items chunk by chunk. A chunk that has begun is finished; between two chunks the task checks whether it
 * was asked to stop. The next attempt continues after the last finished chunk.
 */
export const longRunningTask: TaskBody<LongRunningInput, LongRunningOutput> = async (
  { items, chunk_size: size = DEFAULT_CHUNK, item_ms: itemMs = 0 },
  context,
) => {
  const parts = chunks(items, size);
  // `as` is safe: only this task writes its heartbeats.
  const begin = (context.lastHeartbeat as Done | undefined)?.chunks ?? 0;
  for (const [at, part] of parts.slice(begin).entries()) {
    context.signal.throwIfAborted();
    await sleep(part.length * itemMs);
    context.progress({ chunks: begin + at + 1 } satisfies Done);
  }
  return { status: 'completed', items: items.length, chunks: parts.length, resumed_at: begin };
};
