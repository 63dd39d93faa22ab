import { queues } from './names.ts';
import type { Route } from './routing.ts';

/**
 * Routes an adaptive task by its data. Its row holds this function, and workflows load every row: hence it is apart from
 * the other routes, which only clients use.
 */
export function routeAdaptive(data: { readonly urgent?: unknown; readonly user_facing?: unknown }): Route {
  if (Boolean(data.urgent)) return { queue: queues.documentsCritical, priority: 10 };
  if (Boolean(data.user_facing)) return { queue: queues.documentsHighPriority, priority: 7 };
  return { queue: queues.documentsLowPriority, priority: 3 };
}
