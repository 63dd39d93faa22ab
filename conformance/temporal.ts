/** A worker on a running server, and the cases that run on it. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, type Connection } from '@temporalio/client';
import { type NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { bundleWorkflows } from '../workers/bundle.ts';
import type { CanvasResult } from '../canvas/engine/engine.ts';
import type { RunCanvas } from './cases.ts';
import { inlineErrbacks, perform } from './perform.ts';
import type { NeutralActivities, NeutralRun } from './workflows/index.ts';
import type { MemoryLog } from './world.ts';
import { moduleBeside } from '../contracts/values/modules.ts';

/** Runs canvases on a Temporal server until it is closed. */
export interface TemporalRunner {
  readonly run: RunCanvas;
  close(): Promise<void>;
}

/** Connections to the server. */
export interface RunnerOptions {
  /** Connection of the worker. */
  readonly native: NativeConnection;
  /** Connection that starts cases. */
  readonly connection: Connection;
  readonly namespace: string;
}

const nothing = (): void => undefined;
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Silences the SDK, because cases fail on purpose. It must be called before the first connection of the process. */
export function silence(): void {
  try {
    // Core would write its warnings to standard output, among the observations.
    const telemetryOptions = { logging: { filter: 'OFF', forward: {} } };
    Runtime.install({ logger: quiet, shutdownSignals: [], telemetryOptions });
  } catch {
    // The runtime is already installed, as it is in tests.
  }
}

/** Starts the worker on a queue of its own. */
export async function startRunner({ native, connection, namespace }: RunnerOptions): Promise<TemporalRunner> {
  const logs = new Map<string, MemoryLog>();
  const activities: NeutralActivities = {
    performNeutral: (token, request) => {
      const log = logs.get(token);
      if (log === undefined) throw new TypeError(`expected a run with the token ${token}, got none`);
      return perform(request, log);
    },
  };
  const taskQueue = `perennial.conformance.${randomBytes(6).toString('hex')}`;
  const workflowsPath = fileURLToPath(moduleBeside(import.meta.url, './workflows/index'));
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    workflowBundle: await bundleWorkflows(workflowsPath),
    activities: { ...activities },
    maxCachedWorkflows: 200,
  });
  const running = worker.run();
  const client = new Client({ connection, namespace });
  return {
    run: async (token, canvas, call, log) => {
      logs.set(token, log);
      const input: NeutralRun = { token, canvas, call, inline: inlineErrbacks };
      const started = client.workflow.execute<(run: NeutralRun) => Promise<CanvasResult>>('runNeutralCanvas', {
        taskQueue,
        workflowId: `conformance-${token}`,
        args: [input],
      });
      return Promise.race([started, running.then(() => Promise.reject(new TypeError('the worker has stopped')))]);
    },
    close: async () => {
      worker.shutdown();
      await running;
    },
  };
}
