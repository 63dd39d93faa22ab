/** Remembers in which run this client has started the calls that callers named, because the index of the server lags behind. */
import { MAX_MEMBER_KEYS, memberKey, MORE_MEMBERS } from '../../contracts/canvas/members.ts';
import type { Rpc } from '../connection/rpc.ts';

/** Most ids that one client remembers. */
const REMEMBERED = 10_000;

const started = new WeakMap<Rpc, Map<string, string>>();

/** Remembers the run of a canvas that has been started. */
export function rememberMembers(rpc: Rpc, ids: readonly string[], workflowId: string): void {
  const runs = started.get(rpc) ?? new Map<string, string>();
  started.set(rpc, runs);
  for (const id of ids.slice(-REMEMBERED)) {
    runs.delete(id);
    runs.set(id, workflowId);
    const [oldest] = runs.keys();
    if (runs.size > REMEMBERED && oldest !== undefined) runs.delete(oldest);
  }
}

/** Returns the keys by which the index of the server finds calls with such ids, before a worker has seen the run. */
export function memberKeysOf(ids: readonly string[]): readonly string[] {
  const keys = new Set<string>();
  for (const id of ids) {
    if (keys.size === MAX_MEMBER_KEYS) return [...keys, MORE_MEMBERS];
    keys.add(memberKey(id));
  }
  return [...keys];
}

/** Returns the run in which this client has started a call last. */
export function rememberedRun(rpc: Rpc, id: string): string | undefined {
  return started.get(rpc)?.get(id);
}
