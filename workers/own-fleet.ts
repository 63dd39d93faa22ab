/** Refuses to start a worker that would serve nothing. */
import { exitForProblem } from '../config/load.ts';
import { configTable } from '../config/table.ts';
import type { Config } from '../config/types.ts';
import type { FleetRow } from '../contracts/queues/fleets.ts';
import { type Fleet, fleetNames, fleetOf } from './fleets.ts';

/**
 * Returns the fleet that `WORKER_FLEET` names. Exits with `exitCodes.config` when there is no such fleet, or when none of
 * its queues has a task.
 *
 * @param own - fleets of the application
 */
export function fleetOrExit(config: Config, own: readonly FleetRow[]): Fleet {
  const { worker, documents } = config;
  const { fleet: name, region } = worker;
  const { variable } = configTable.worker.fleet;
  const names = fleetNames(own);
  if (!names.includes(name))
    return exitForProblem({
      name: variable,
      expected: `one of ${names.join(', ')}`,
      got: name,
      remedy: 'Choose one of them, or declare it under `fleets` in the configuration of the application.',
    });
  const fleet = fleetOf(name, documents.ocr.processes, region, { ...worker, own });
  if (fleet.workflows || fleet.activities.length > 0) return fleet;
  return exitForProblem({
    name: variable,
    expected: 'a fleet with a queue that has tasks',
    got: name,
    remedy: 'Define a task on one of its queues, add the plug-in whose tasks are on them, or start another fleet.',
  });
}
