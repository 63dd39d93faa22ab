/** Remembers in which run this client has started the calls that callers named, because the index of the server lags behind. */
import { MAX_MEMBER_KEYS, memberKey, MORE_MEMBERS } from '../../contracts/canvas/members.ts';
import type { RunCanvasInput } from '../../workflows/canvas/run-input.ts';
import type { Rpc } from '../connection/rpc.ts';
import { taskIdsIn } from './task-ids.ts';

/** Most ids that one client remembers. */
const REMEMBERED = 10_000;

const started = new WeakMap<Rpc, Map<string, string>>();

type Given = Pick<RunCanvasInput, 'canvas' | 'options'>;

/** Remembers the run of a canvas that has been started. */
export function rememberMembers(rpc: Rpc, { canvas, options }: Given, workflowId: string): void {
  const runs = started.get(rpc) ?? new Map<string, string>();
  started.set(rpc, runs);
  for (const id of namedIn({ canvas, options })) {
    runs.delete(id);
    runs.set(id, workflowId);
    const [oldest] = runs.keys();
    if (runs.size > REMEMBERED && oldest !== undefined) runs.delete(oldest);
  }
}

/** Returns the keys by which the index of the server finds the calls that callers named, before a worker has seen the run. */
export function memberKeysOf(given: Given): readonly string[] {
  const keys = new Set<string>();
  for (const id of namedIn(given)) {
    if (keys.size === MAX_MEMBER_KEYS) return [...keys, MORE_MEMBERS];
    keys.add(memberKey(id));
  }
  return [...keys];
}

function* namedIn({ canvas, options }: Given): Generator<string> {
  yield* taskIdsIn(canvas);
  const whole = options?.task_id;
  if (typeof whole === 'string') yield whole;
}

/** Returns the run in which this client has started a call last. */
export function rememberedRun(rpc: Rpc, id: string): string | undefined {
  return started.get(rpc)?.get(id);
}
