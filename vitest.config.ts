import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { MixingSequencer } from './scripts/check/sequencer.ts';

const SECOND = 1000;

/** Fetches Temporal and stops the servers that the files of a run share. */
const withServers = { globalSetup: ['test/support/global-setup.ts'] };

interface Layer {
  readonly name: string;
  readonly timeoutMs: number;
  /** Files share a PostgreSQL and a Temporal server, each in a database and a namespace of its own. */
  readonly servers?: boolean;
  /** Each file has a process to itself, instead of one for all files that it runs. */
  readonly alone?: boolean;
}

/**
 * Files that run at once. They wait for servers, timeouts and starts half of their time, so one more than there are cores
 * uses all of them; one server keeps up with four files at most.
 */
const AT_ONCE = Math.min(4, availableParallelism() + 1);

/** All layers are one queue, because each wait for the last file of a layer leaves cores without work. */
const layers: readonly Layer[] = [
  { name: 'unit', timeoutMs: 20 * SECOND },
  { name: 'architecture', timeoutMs: 180 * SECOND },
  { name: 'replay', timeoutMs: 120 * SECOND },
  { name: 'workflow', timeoutMs: 120 * SECOND, servers: true },
  { name: 'integration', timeoutMs: 300 * SECOND, servers: true },
  { name: 'stack', timeoutMs: 300 * SECOND, servers: true, alone: true },
  { name: 'faults', timeoutMs: 600 * SECOND, servers: true, alone: true },
];

function project(layer: Layer): TestProjectInlineConfiguration {
  return {
    test: {
      name: layer.name,
      include: [`test/${layer.name}/**/*.test.ts`],
      environment: 'node',
      // Processes, not threads: native modules, signals and chdir belong to one test file.
      pool: 'forks',
      // Loading the product anew for each file took a quarter of all computing.
      isolate: layer.alone === true,
      testTimeout: layer.timeoutMs,
      hookTimeout: Math.max(layer.timeoutMs, 120 * SECOND),
      restoreMocks: true,
      // A busy machine takes longer than the one second that is usual; what never holds still fails.
      expect: { poll: { timeout: 20 * SECOND } },
      ...(layer.servers === true ? withServers : {}),
    },
  };
}

export default defineConfig({
  test: {
    projects: layers.map(project),
    sequence: { sequencer: MixingSequencer },
    maxWorkers: AT_ONCE,
    reporters: ['default', './scripts/check/summary-reporter.ts'],
    passWithNoTests: false,
    teardownTimeout: 30 * SECOND,
    slowTestThreshold: 5 * SECOND,
  },
});
