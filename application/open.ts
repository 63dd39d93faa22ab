/** Gives a process the application of its folder. */
import type { Config } from '../config/types.ts';
import { registerCanvases } from '../contracts/canvas/register.schema.ts';
import { PLUGGABLE, without } from '../contracts/pluggable.ts';
import { type Additions, register } from '../contracts/register.schema.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { orExit } from '../config/load.ts';
import type { PortTable } from '../define/port.ts';
import { builtApplication } from './built.ts';
import { InvalidApplication } from './faults.ts';
import { type Application, loadApplication } from './load.ts';
import { createPorts, portsOf, type ProcessPorts } from './ports.ts';

const NONE: OpenApplication = {
  tasks: [],
  schedules: [],
  canvases: [],
  queues: [],
  fleets: [],
  workflows: [],
  routes: [],
  hooks: [],
  domains: PLUGGABLE,
};

/** What a process knows of its application; without one, it adds nothing and has every domain. */
export type OpenApplication = Omit<Application, 'folder' | 'files'>;

type Where = Pick<Config, 'applicationDir' | 'applicationFaults' | 'environment'>;

async function loadOf({ applicationDir, applicationFaults, environment }: Where): Promise<OpenApplication> {
  if (applicationDir === undefined) return NONE;
  return loadApplication(applicationDir, {
    report: applicationFaults === 'report' ? print : undefined,
    built: builtApplication(applicationDir, environment),
  });
}

function print({ message }: InvalidApplication): void {
  process.stderr.write(`Left out of the application:\n${message}\n`);
}

function registerAll(application: OpenApplication): () => void {
  const remove = register(additionsOf(application));
  const removeCanvases = registerCanvases(application.canvases);
  return () => {
    removeCanvases();
    remove();
  };
}

function additionsOf({ tasks, queues, routes, domains }: OpenApplication): Additions {
  const failures = Object.assign({}, ...routes.map((route) => route.failures)) as Additions['failures']; // `Object.assign` loses the types
  return { tasks, queues, ...(failures === undefined ? {} : { failures }), without: without(domains) };
}

/**
 * Does some work with the tasks and queues of an application in the register.
 *
 * @throws InvalidApplication with every fault; the work is not begun
 */
export async function withApplication<T>(
  config: Where,
  work: (application: OpenApplication) => Promise<T>,
): Promise<T> {
  const application = await loadOf(config);
  const remove = registerAll(application);
  try {
    return await work(application);
  } finally {
    remove();
  }
}

/**
 * Loads the application of the configuration, if there is one, and registers its tasks and queues for the life of the
 * process. On faults it prints them and exits with `exitCodes.config`.
 */
export async function openApplicationOrExit(config: Where): Promise<OpenApplication> {
  try {
    const application = await loadOf(config);
    registerAll(application);
    return application;
  } catch (error) {
    exitIfInvalid(error);
    throw error;
  }
}

/**
 * Reads the settings of the ports that tasks or routes of an application name. On faults it prints them and exits with
 * `exitCodes.config`.
 */
export function openPortsOrExit(
  users: readonly { readonly ports: PortTable }[],
  config: Pick<Config, 'variables'>,
): ProcessPorts {
  return orExit(() => createPorts(portsOf(users), process.env, config));
}

/** For the end of a `main.ts` file: prints the faults of an application and exits with `exitCodes.config`. */
export function exitIfInvalid(error: unknown): void {
  if (!(error instanceof InvalidApplication)) return;
  process.stderr.write(`The application cannot be started:\n${error.message}\n`);
  process.exit(exitCodes.config);
}
