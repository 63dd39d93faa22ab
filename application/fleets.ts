/** Fleets of an application. */
import path from 'node:path';
import { FLEET_NAME_EXPECTED, type FleetRow, isFleetName, mayNameFleet } from '../contracts/queues/fleets.ts';
import { languageName } from '../contracts/queues/languages.ts';
import { queues as builtIn } from '../contracts/queues/names.ts';
import { hasSources } from '../config/project.ts';
import type { QueueRow } from '../contracts/queues/table.ts';
import type { FleetOptions } from '../define/fleet.ts';
import { type ApplicationFault, InvalidApplication } from './faults.ts';
import { loadConfig } from './config.ts';
import { configIn } from './find.ts';
import { rowsOfProduct } from './queues.ts';

/**
 * Completes the rows of fleets, by name; what is wrong with them becomes faults.
 *
 * @param own - queues of the application and of its plug-ins
 */
export function fleetRows(
  declared: Readonly<Record<string, FleetOptions>>,
  own: readonly QueueRow[],
  faults: ApplicationFault[],
): readonly FleetRow[] {
  const known = new Map([...rowsOfProduct.values(), ...own].map((row) => [row.queue, row] as const));
  return Object.entries(declared).flatMap(([fleet, { queues, slots, processes = 1, purpose = '' }]): FleetRow[] => {
    const wrong = [...nameFaults(fleet), ...queueFaults(queues, known)];
    faults.push(...wrong.map((fault) => ({ field: `fleets: ${fleet}`, ...fault })));
    return wrong.length > 0 ? [] : [{ fleet, queues, slots, processes, purpose }];
  });
}

/**
 * Returns the fleets that the configuration in a folder declares; whether it has their queues is not looked at.
 *
 * @returns `undefined` for a folder without a configuration
 * @throws InvalidApplication the folder has two configurations, or a faulty one
 */
export async function declaredFleets(
  folder: string,
): Promise<readonly Pick<FleetRow, 'fleet' | 'processes'>[] | undefined> {
  if (!hasSources(folder)) return undefined;
  const { fleets = {} } = await loadConfig(path.join(folder, configIn(folder)));
  const faults = Object.keys(fleets).flatMap((fleet) => nameFaults(fleet).map((fault) => ({ field: fleet, ...fault })));
  if (faults.length > 0) throw new InvalidApplication(faults);
  return Object.entries(fleets).map(([fleet, { processes = 1 }]) => ({ fleet, processes }));
}

type Wrong = Omit<ApplicationFault, 'field'>;

function nameFaults(fleet: string): readonly Wrong[] {
  const remedy = 'Give the fleet another name.';
  const got = `'${fleet}'`;
  if (isFleetName(fleet)) return [{ expected: 'a name that no fleet of the product has', got, remedy }];
  return mayNameFleet(fleet) ? [] : [{ expected: `a name of ${FLEET_NAME_EXPECTED}`, got, remedy }];
}

const BOOKKEEPING: ReadonlySet<string> = new Set([builtIn.workflows, builtIn.system]);

function queueFaults(queues: readonly string[], known: ReadonlyMap<string, QueueRow>): readonly Wrong[] {
  return queues.flatMap((queue, index): Wrong[] => {
    const got = `'${queue}'`;
    if (BOOKKEEPING.has(queue))
      return [
        {
          expected: 'a queue for tasks',
          got: `${got}, which is the product's own`,
          remedy: 'Leave it out; the fleets `rest` and `workflows` serve it.',
        },
      ];
    if (!known.has(queue))
      return [
        {
          expected: 'a queue of the product or of the configuration',
          got,
          remedy: 'Declare it under `queues` in the configuration, or mend its name.',
        },
      ];
    const language = known.get(queue)?.language;
    if (language !== undefined)
      return [
        {
          expected: 'a queue that workers in TypeScript serve',
          got: `${got}, which those in ${languageName(language)} serve`,
          remedy: 'Leave it out; see docs/python.md.',
        },
      ];
    return queues.indexOf(queue) === index
      ? []
      : [{ expected: 'each queue once', got: `${got} twice`, remedy: 'Delete one of them.' }];
  });
}
