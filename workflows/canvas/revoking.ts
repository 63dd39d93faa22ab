/** Revokes calls of a run by path: calls under way are cancelled, later ones fail without being made. */
import { CancellationScope, isCancellation, setHandler, sleep } from '@temporalio/workflow';
import { REVOKED } from '../../canvas/model/outcome.ts';
import { invalidInput } from '../failures.ts';
import { revokeUpdate } from './messages.ts';
import type { CallReply, CallRequest } from '../../canvas/model/request.ts';
import type { CatalogueCalls } from './calls-of-run.ts';

/** Wraps calls and delays so that they can be revoked. */
export interface Revoking {
  /** A call, which fails as revoked. */
  readonly call: (request: CallRequest, make: () => Promise<CallReply>) => Promise<CallReply>;
  /** A delay, which ends early. */
  readonly sleep: (ms: number, path?: string) => Promise<void>;
}

const REPLY: CallReply = { kind: 'failed', failure: REVOKED };

/**
 * Registers the update; before the first await, so that none is missed.
 *
 * @param has - says whether there is a node at a path
 * @param revoked - paths that are revoked; grows
 * @param packs - revokes calls that share activities: a scope for each would cost more than the call
 */
export function createRevoking(
  has: (path: string) => boolean,
  revoked: string[],
  packs?: CatalogueCalls['packs'],
): Revoking {
  const open = new Map<string, CancellationScope>();
  const isRevoked = (path: string): boolean => revoked.some((above) => isBelow(path, above));
  const revocable = async <T>(path: string, work: () => Promise<T>, instead: T): Promise<T> => {
    const around = CancellationScope.current();
    const scope = new CancellationScope();
    open.set(path, scope);
    try {
      return await scope.run(work);
    } catch (error) {
      // Cancellation of the whole run wins over a revocation.
      if (isCancellation(error) && isRevoked(path) && !around.consideredCancelled) return instead;
      throw error;
    } finally {
      open.delete(path);
    }
  };
  setHandler(
    revokeUpdate,
    (path) => {
      revoked.push(path);
      const below = [...open].filter(([at]) => isBelow(at, path));
      for (const [, scope] of below) scope.cancel();
      return below.length + (packs?.revoke((at) => isBelow(at, path)) ?? 0);
    },
    { validator: (path) => requireNode(has, path), description: 'Stops the calls at and below a path' },
  );
  return {
    call: (request, make) => {
      if (isRevoked(request.path)) return Promise.resolve(REPLY);
      return packs?.takes(request) === true ? make() : revocable(request.path, make, REPLY);
    },
    sleep: (ms, path) => {
      const rest = Math.max(1, Math.ceil(ms));
      return path === undefined ? sleep(rest) : revocable(path, () => sleep(rest), undefined);
    },
  };
}

/** Says whether a path is that of a node or of something in it. */
export function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

function requireNode(has: (path: string) => boolean, path: unknown): void {
  if (typeof path === 'string' && has(path)) return;
  const message = `path: expected a node of the tree, such as root/0, got '${String(path).slice(0, 200)}'`;
  throw invalidInput(message);
}
