import { connectPerennial, scheduleEntries, type SyncReport } from '../client/index.ts';
import { readCertificates } from '../config/tls.ts';
import type { Config } from '../config/types.ts';
import { type OpenApplication, withApplication } from '../application/open.ts';
import { schedulesOf } from '../application/schedules.ts';
import type { StackContext } from './context.ts';

/**
 * Syncs the schedules of the code to the server once workers for their targets run. A failure is only reported, because a
 * stack works without schedules.
 */
export async function syncSchedules(
  { config, log }: Pick<StackContext, 'config' | 'log'>,
  address: string,
): Promise<void> {
  if (!config.schedules.sync) return;
  log.step('Bringing the schedules up to date');
  try {
    const { changes, unchanged } = await withApplication(config, (application) =>
      syncOnce(config, address, application),
    );
    for (const { id, reason } of changes) if (reason !== undefined) log.note(`schedule ${id}: ${reason}`);
    log.done(`Schedules are up to date (${String(changes.length)} changed, ${String(unchanged)} as they were)`);
  } catch (error) {
    log.note(`schedules: ${error instanceof Error ? error.message : String(error)}; try: perennial schedules sync`);
  }
}

async function syncOnce(config: Config, address: string, application: OpenApplication): Promise<SyncReport> {
  const { namespace, apiKey, tls } = config.temporal;
  const client = await connectPerennial({
    address,
    namespace,
    apiKey,
    tls: await readCertificates(tls),
    sealKeys: config.sealing.keys,
    payloadKeys: config.sealing.payloadKeys,
    schedules: schedulesOf(application, scheduleEntries),
  });
  try {
    return await client.schedules.sync();
  } finally {
    await client.close();
  }
}
