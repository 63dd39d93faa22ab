/** The worker processes of a stack, by the fleets of the application. */
import { withApplication } from '../application/open.ts';
import type { Config } from '../config/types.ts';
import { type FleetRow, isFleetName } from '../contracts/queues/fleets.ts';
import type { WorkerSpec } from './context.ts';

/**
 * Returns one worker of the fleet of the configuration; where fleets are to be apart, or when it is a fleet of the
 * application, as many processes as the application says.
 */
export async function workersOf(config: Config): Promise<readonly WorkerSpec[]> {
  const { fleet, separateFleets } = config.worker;
  // Modules take time to load, and one worker of a fleet of the product needs none of them here.
  if (!separateFleets && isFleetName(fleet)) return [{ name: 'worker', fleet }];
  const own = await withApplication(config, ({ fleets }) => Promise.resolve(fleets));
  if (separateFleets) return [{ name: 'worker-rest', fleet: 'rest' }, ...own.flatMap(processesOf)];
  const found = own.find((row) => row.fleet === fleet);
  return found === undefined ? [{ name: 'worker', fleet }] : processesOf(found);
}

function processesOf({ fleet, processes }: FleetRow): readonly WorkerSpec[] {
  const name = `worker-${fleet}`;
  if (processes === 1) return [{ name, fleet }];
  return Array.from({ length: processes }, (_, index) => ({ name: `${name}-${String(index + 1)}`, fleet }));
}
