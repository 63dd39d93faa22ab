/** Calls the hooks of an application for the worker process itself. */
import { faultOf } from '../activities/shell/layers/hooks.ts';
import type { OpenApplication } from '../application/open.ts';
import type { Logger } from '../observability/logger.ts';

/** Calls one hook of each; what goes wrong in it is only logged. */
export async function callHooks(
  hooks: OpenApplication['hooks'],
  name: 'workerReady' | 'workerStopped',
  worker: { readonly fleet: string },
  logger: Pick<Logger, 'warn'>,
): Promise<void> {
  for (const one of hooks) {
    const fault = await faultOf(async () => one[name]?.(worker));
    if (fault !== undefined) logger.warn({ hook: name }, `the hook ${name} ${fault}; the worker is not affected`);
  }
}
