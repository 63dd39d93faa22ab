import { setTimeout as sleep } from 'node:timers/promises';
import { chunks } from '../../concurrency/chunks.ts';
import type { LongRunningInput, LongRunningOutput } from '../../contracts/operations/schema.ts';
import type { TaskBody } from '../shell/task-body.ts';

const DEFAULT_CHUNK = 100;

/** What the heartbeat carries: chunks that are done. */
interface Done {
  readonly chunks: number;
}

/**
 * Works through its items chunk by chunk (TIME-4). A chunk that has begun is
 * finished; between two of them the task looks whether it is told to stop. The
 * next attempt goes on behind the last chunk that was done.
 */
export const longRunningTask: TaskBody<LongRunningInput, LongRunningOutput> = async (
  { items, chunk_size: size = DEFAULT_CHUNK, item_ms: itemMs = 0 },
  context,
) => {
  const parts = chunks(items, size);
  // Only this task writes its heartbeats.
  const begin = (context.lastHeartbeat as Done | undefined)?.chunks ?? 0;
  for (const [at, part] of parts.slice(begin).entries()) {
    context.signal.throwIfAborted();
    await sleep(part.length * itemMs);
    context.heartbeat({ chunks: begin + at + 1 } satisfies Done);
  }
  return { status: 'completed', items: items.length, chunks: parts.length, resumed_at: begin };
};
