import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { MixingSequencer } from './scripts/check/sequencer.ts';

const SECOND = 1000;

/** Fetches Temporal and stops the servers that the files of a run share. */
const withServers = { globalSetup: ['test/support/global-setup.ts'] };

interface Layer {
  readonly name: string;
  /** Layers with the same order run side by side; lower ones first. */
  readonly order: number;
  readonly timeoutMs: number;
  /** Files share a PostgreSQL and a Temporal server, each in a database and a namespace of its own. */
  readonly servers?: boolean;
  /** How many files run at once. @defaultValue one for each core */
  readonly atOnce?: number;
  /** Each file has a process to itself, instead of one for all files that it runs. */
  readonly alone?: boolean;
}

/** Files wait for the server half of their time; one server keeps up with four of them at most. */
const SERVED_AT_ONCE = Math.min(4, availableParallelism() + 1);
/** Files that start whole stacks, or kill parts of one, wait for timeouts and starts half of their time. */
const STACKS_AT_ONCE = 3;

/** Cheapest first, so that a broken rule shows before anything is started. */
const layers: readonly Layer[] = [
  { name: 'unit', order: 0, timeoutMs: 20 * SECOND },
  { name: 'architecture', order: 0, timeoutMs: 180 * SECOND },
  { name: 'replay', order: 0, timeoutMs: 120 * SECOND },
  { name: 'workflow', order: 1, timeoutMs: 120 * SECOND, servers: true, atOnce: SERVED_AT_ONCE },
  { name: 'integration', order: 2, timeoutMs: 300 * SECOND, servers: true, atOnce: SERVED_AT_ONCE },
  { name: 'stack', order: 3, timeoutMs: 300 * SECOND, servers: true, atOnce: STACKS_AT_ONCE, alone: true },
  { name: 'faults', order: 3, timeoutMs: 600 * SECOND, servers: true, atOnce: STACKS_AT_ONCE, alone: true },
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
      ...(layer.atOnce === undefined ? {} : { maxWorkers: layer.atOnce }),
      testTimeout: layer.timeoutMs,
      hookTimeout: Math.max(layer.timeoutMs, 120 * SECOND),
      sequence: { groupOrder: layer.order },
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
    // Vitest leaves one core to itself, which is half of a small machine.
    maxWorkers: '100%',
    reporters: ['default', './scripts/check/summary-reporter.ts'],
    passWithNoTests: false,
    teardownTimeout: 30 * SECOND,
    slowTestThreshold: 5 * SECOND,
  },
});
