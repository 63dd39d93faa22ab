/** The ports of an application in a process: settings are read when it starts, and ports are opened when they are used. */
import type { ValuesOf, Table } from '../config/entries.ts';
import { loadTables } from '../config/load.ts';
import type { Environment } from '../config/reading.ts';
import { configVariables } from '../config/table.ts';
import { entriesOf } from '../config/reading.ts';
import type { Config } from '../config/types.ts';
import type { AnyPort, PortTable } from '../define/port.ts';
import type { ApplicationFault } from './faults.ts';

/** The ports of a process. */
export interface ProcessPorts {
  /** Returns the ports of a task, open. @throws whatever a port throws when it is opened */
  readonly open: (ports: PortTable) => Promise<Readonly<Record<string, unknown>>>;
  /** Releases those that were opened. */
  close(): Promise<void>;
}

/** Returns the ports that tasks or routes name, each once. */
export function portsOf(users: readonly { readonly ports: PortTable }[]): readonly AnyPort[] {
  return [...new Set(users.flatMap(({ ports }) => Object.values(ports)))];
}

/** Returns what is wrong with ports beside each other: names and variables that are taken. */
export function portFaults(ports: readonly AnyPort[]): readonly ApplicationFault[] {
  const names = ports.map(({ name }) => name);
  const faults: ApplicationFault[] = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({
      field: `port ${name}`,
      expected: 'a name that no other port has',
      got: `'${name}' twice`,
      remedy: 'Export the port from one module and import it from there, or give one of them another name.',
    }));
  const owners = new Map<string, string>();
  for (const { name, settings } of ports)
    for (const { variable } of entriesOf(settings)) {
      const owner = configVariables.has(variable) ? 'the product' : owners.get(variable);
      if (owner !== undefined && owner !== name)
        faults.push({
          field: `port ${name}`,
          expected: `a variable that ${owner} does not read`,
          got: variable,
          remedy: 'Give the variable another name.',
        });
      owners.set(variable, name);
    }
  return faults;
}

/**
 * Reads the settings of all ports.
 *
 * @throws ConfigError with every wrong or missing variable
 */
export function createPorts(
  ports: readonly AnyPort[],
  env: Environment,
  config: Pick<Config, 'variables'>,
): ProcessPorts {
  const tables: Record<string, Table> = Object.fromEntries(ports.map(({ name, settings }) => [name, settings]));
  return openedOnce(loadTables(tables, env, config));
}

function openedOnce(settings: ValuesOf<Record<string, Table>>): ProcessPorts {
  const opened = new Map<AnyPort, Promise<unknown>>();
  const one = (port: AnyPort): Promise<unknown> => {
    const before = opened.get(port);
    if (before !== undefined) return before;
    const opening = port.open(settings[port.name] ?? {});
    opened.set(port, opening);
    // The next attempt tries anew.
    opening.catch(() => opened.delete(port));
    return opening;
  };
  return {
    open: async (ports) =>
      Object.fromEntries(
        await Promise.all(Object.entries(ports).map(async ([name, port]) => [name, await one(port)] as const)),
      ),
    close: async () => {
      await Promise.allSettled([...opened].map(async ([port, opening]) => port.close(await opening)));
    },
  };
}
