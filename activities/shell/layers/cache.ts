import type { CacheStore } from '../../../services/cache/port.ts';
import { cacheFor } from '../cache/typed.ts';
import type { Layer } from '../layer.ts';

/** Provides `cache` of the context. Without a store, a body that asks for one fails. */
export function cache(store: CacheStore | undefined): Layer {
  if (store === undefined) return (call, next) => next(call);
  return (call, next) => {
    const { facts, stop, log } = call;
    return next({ ...call, cache: () => cacheFor(store, { tenant: facts.tenant, log, stop }) });
  };
}
