/**
 * The local stack: Temporal, PostgreSQL, inbox, workers and API. Each part starts when its dependencies are ready, is kept
 * running, and is stopped in reverse order.
 */
import path from 'node:path';
import { reachableHost } from '../config/processes/api.ts';
import { withVariables } from '../config/load.ts';
import type { Config } from '../config/types.ts';
import { provideBundle } from './bundle.ts';
import { workersOf } from './fleets.ts';
import { childEnv } from './processes/child-env.ts';
import type { Component, StackContext, StackOptions } from './context.ts';
import type { ManagedProcess } from './processes/managed-process.ts';
import { keepNodeProcess, type NodeProcessOptions } from './processes/node-process.ts';
import { inboxPort, withProviders } from './inbox-address.ts';
import { nextFreePort } from './ports.ts';
import { compiledDir, provideProduct } from './product.ts';
import { keepPrivate } from './private-folder.ts';
import { applyMigrations, providePostgres, provideTemporal, type Provided } from './servers.ts';
import { syncSchedules } from './schedules.ts';
import { provideSealKeys } from './seal-keys.ts';
import { readStack, removeStack, tryLock, writeStack, type StackAddresses, type StackRecord } from './state.ts';

/** A running stack. */
export interface Stack {
  readonly addresses: StackAddresses;
  /** Processes by name, in the order of their start: `temporal`, `postgres`, `inbox`, `worker`, `api`. */
  readonly processes: Readonly<Record<string, ManagedProcess>>;
  /** Stops all processes in reverse order; `force` kills them at once. */
  stop(force?: boolean): Promise<void>;
}

export type { Component, StackOptions, WorkerSpec } from './context.ts';

/** Another supervisor runs on the same state folder. */
export class StackRunningError extends Error {
  override readonly name = 'StackRunningError';
  /** State of the other stack; `undefined` while it is starting. */
  readonly record: StackRecord | undefined;

  constructor(stateDir: string, record: StackRecord | undefined) {
    const who = record === undefined ? 'is starting' : `runs (process ${String(record.pid)})`;
    super(`A stack already ${who} in ${stateDir}. Stop it, or choose another folder with STATE_DIR.`);
    this.record = record;
  }
}

const ALL: readonly Component[] = ['temporal', 'postgres', 'inbox', 'worker', 'api'];

/**
 * Starts the stack and resolves when all of it is ready.
 *
 * @throws StackRunningError when another process has a stack in the same folder
 * @throws Error when a part does not become ready; the started parts are stopped
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { config, components = ALL } = options;
  keepPrivate(config.stateDir);
  const release = tryLock(path.join(config.stateDir, 'stack.lock'));
  if (release === undefined) throw new StackRunningError(config.stateDir, readStack(config.stateDir));
  const context: StackContext = { ...options, has: (component) => components.includes(component), groups: [] };
  const stop = stopper(context, release);
  let bundle: Promise<Record<string, string>> | undefined;
  try {
    await provideProduct();
    bundle = bundleOf(context);
    bundle.catch(() => undefined); // the error is reported when workers start; nobody awaits the promise before
    const addresses = await startAll(context, bundle);
    writeStack(config.stateDir, {
      pid: process.pid,
      startedAt: new Date().toISOString(),
      addresses,
      documentRoots: config.documents.roots,
    });
    const processes = Object.fromEntries(context.groups.flat().map((managed) => [managed.name, managed]));
    return { addresses, processes, stop };
  } catch (error) {
    await bundle?.catch(() => undefined);
    await stop();
    throw error;
  }
}

async function startAll(given: StackContext, bundle: Promise<Record<string, string>>): Promise<StackAddresses> {
  const withApi = { ...given, config: await withApiPort(given, withSealKeys(withApplication(given.config))) };
  const page = await inboxPort(withApi);
  const context = { ...withApi, config: withProviders(withApi.config, page) };
  const { config, signal } = context;
  const temporal = await provideTemporal(context);
  signal?.throwIfAborted();
  const database = await providePostgres(context);
  signal?.throwIfAborted();
  await applyMigrations(context, database);
  const { reach = (_server, address) => Promise.resolve(address) } = context;
  const stores: Servers = {
    temporal: await reach('temporal', temporal.address),
    database: await reach('postgres', database),
  };
  const inbox = page === undefined ? {} : await startInbox(context, stores, page);
  const servers: Servers = {
    ...stores,
    ...(inbox.smtp === undefined ? {} : { smtp: await reach('inbox', inbox.smtp) }),
  };
  const workers = context.has('worker') ? await startWorkers(context, servers, bundle) : {};
  if (context.has('worker')) await syncSchedules(context, temporal.address);
  const api = context.has('api') ? await startApi(context, servers) : undefined;
  return {
    temporal: temporal.address,
    namespace: config.temporal.namespace,
    database,
    ...uiOf(temporal),
    ...(api === undefined ? {} : { api, docs: `${api}/v1/docs` }),
    ...inbox,
    workers,
  };
}

/** Names the folder of the application for the processes, which run in another folder. */
function withApplication(config: Config): Config {
  const { applicationDir } = config;
  return applicationDir === undefined ? config : withVariables(config, { APPLICATION_DIR: applicationDir });
}

/** Takes the keys of the state folder when the configuration has none. */
function withSealKeys(config: Config): Config {
  return config.sealing.keys === undefined
    ? withVariables(config, { SEAL_KEYS: provideSealKeys(config.stateDir) })
    : config;
}

/** Chooses the port of the API before anything starts, because links in the mail of workers name it. */
async function withApiPort({ has, log }: StackContext, config: Config): Promise<Config> {
  if (!has('api')) return config;
  const port = await nextFreePort(config.api.port);
  if (config.api.port !== 0 && port !== config.api.port)
    log.note(`API: port ${String(config.api.port)} is used by another program; using ${String(port)}`);
  return withVariables(config, { API_PORT: String(port) });
}

function uiOf({ ui }: Provided): { ui?: string } {
  return ui === undefined ? {} : { ui };
}

interface Servers {
  readonly temporal: string;
  readonly database: string;
  readonly smtp?: string;
}

/** Sends mail and text messages to the development inbox instead of real recipients. */
async function startInbox(
  context: StackContext,
  servers: Servers,
  port: number,
): Promise<Pick<StackAddresses, 'inbox' | 'smtp'>> {
  const { config, log } = context;
  log.step('Starting the inbox');
  const smtpPort = await nextFreePort(config.email.inbox.smtpPort, [port, config.api.port]);
  const page = `http://127.0.0.1:${String(port)}`;
  const entry = context.entries?.inbox ?? path.join(compiledDir, 'stack/inbox/main.js');
  const overrides = { INBOX_PORT: String(port), INBOX_SMTP_PORT: String(smtpPort) };
  const inbox = await keepNodeProcess(
    nodeOptions(context, servers, {
      name: 'inbox',
      entry,
      overrides,
      readyUrl: `${page}/health/live`,
      liveUrl: `${page}/health/live`,
    }),
  );
  context.groups.push([inbox]);
  await inbox.ready();
  log.done(`Inbox is ready on ${page}`);
  return {
    inbox: page,
    ...(config.email.smtpUrl === undefined ? { smtp: `smtp://127.0.0.1:${String(smtpPort)}` } : {}),
  };
}

/**
 * Node flags for processes that mostly wait for disks and servers. They make little garbage, so semi-spaces of 4 MB instead of
 * V8's 16 MB cost no speed and save 40 MB.
 */
const flagsOf: Readonly<Record<string, readonly string[]>> = { documents: ['--max-semi-space-size=4'] };

/** Returns the variable that names the workflow bundle; workers that tests put in place of the real ones build their own. */
async function bundleOf(context: StackContext): Promise<Record<string, string>> {
  if (!context.has('worker') || context.entries?.worker !== undefined) return {};
  return { WORKFLOW_BUNDLE: await provideBundle(context) };
}

async function startWorkers(
  context: StackContext,
  servers: Servers,
  bundle: Promise<Record<string, string>>,
): Promise<Record<string, string>> {
  const { config, log } = context;
  const workers = context.workers ?? (await workersOf(config));
  log.step(workers.length === 1 ? 'Starting the worker' : `Starting ${String(workers.length)} workers`);
  const variables = await bundle;
  const group: ManagedProcess[] = [];
  context.groups.push(group);
  const addresses: Record<string, string> = {};
  const taken: number[] = [config.api.port];
  for (const [index, { name, fleet }] of workers.entries()) {
    const wanted = config.worker.healthPort === 0 ? 0 : config.worker.healthPort + index;
    const port = await nextFreePort(wanted, taken);
    taken.push(port);
    const health = `http://127.0.0.1:${String(port)}`;
    const overrides = { ...variables, HEALTH_PORT: String(port), WORKER_FLEET: fleet };
    const entry = context.entries?.worker ?? path.join(compiledDir, 'workers/main.js');
    group.push(
      await keepNodeProcess(
        nodeOptions(context, servers, {
          name,
          entry,
          overrides,
          flags: flagsOf[fleet] ?? [],
          readyUrl: `${health}/health/ready`,
          liveUrl: `${health}/health/live`,
        }),
      ),
    );
    addresses[name] = health;
  }
  await Promise.all(group.map((worker) => worker.ready()));
  log.done(workers.length === 1 ? 'Worker is ready' : `${String(workers.length)} workers are ready`);
  return addresses;
}

async function startApi(context: StackContext, servers: Servers): Promise<string> {
  const { config, log } = context;
  log.step('Starting the API');
  const address = `http://${reachableHost(config.api.host)}:${String(config.api.port)}`;
  const entry = context.entries?.api ?? path.join(compiledDir, 'api/main.js');
  const api = await keepNodeProcess(
    nodeOptions(context, servers, {
      name: 'api',
      entry,
      overrides: {},
      readyUrl: `${address}/health/live`,
      liveUrl: `${address}/health/live`,
    }),
  );
  context.groups.push([api]);
  await api.ready();
  log.done('API is ready');
  return address;
}

function nodeOptions(
  { config, log, longestPauseMs, signal }: StackContext,
  addresses: Servers,
  {
    overrides,
    ...own
  }: Pick<NodeProcessOptions, 'name' | 'entry' | 'flags' | 'readyUrl' | 'liveUrl'> & {
    overrides: Readonly<Record<string, string>>;
  },
): NodeProcessOptions {
  return {
    ...own,
    env: childEnv({ config, addresses, overrides }),
    logFile: path.join(config.stateDir, 'logs', `${own.name}.log`),
    // The process has its own grace period before that of the supervisor.
    graceMs: config.shutdownGraceMs + 5000,
    longestPauseMs,
    log: (line) => {
      log.note(line);
    },
    signal,
  };
}

function stopper({ config, groups }: StackContext, release: () => void): Stack['stop'] {
  let stopping: Promise<void> | undefined;
  const inOrder = async (): Promise<void> => {
    removeStack(config.stateDir);
    for (const group of groups.toReversed()) await Promise.all(group.map((managed) => managed.stop()));
    release();
  };
  return async (force = false) => {
    stopping ??= inOrder();
    if (force) await Promise.all(groups.flat().map((managed) => managed.stop(0)));
    await stopping;
  };
}
