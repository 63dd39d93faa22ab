import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const SECOND = 1000;

/** Fetches Temporal and stops the embedded PostgreSQL of all projects that name it. */
const withServers = { globalSetup: ['test/support/global-setup.ts'] };

interface Layer {
  readonly name: string;
  /** Layers with the same order run side by side; lower ones first. */
  readonly order: number;
  readonly timeoutMs: number;
  /** Needs PostgreSQL or a Temporal server. */
  readonly servers?: boolean;
  /** Files share a server or kill one, so they take turns. */
  readonly oneByOne?: boolean;
}

/** Cheapest first, so that a broken rule shows before anything is started. */
const layers: readonly Layer[] = [
  { name: 'unit', order: 0, timeoutMs: 20 * SECOND },
  { name: 'architecture', order: 0, timeoutMs: 180 * SECOND },
  { name: 'replay', order: 1, timeoutMs: 120 * SECOND },
  { name: 'workflow', order: 1, timeoutMs: 120 * SECOND, servers: true },
  { name: 'integration', order: 2, timeoutMs: 300 * SECOND, servers: true, oneByOne: true },
  { name: 'faults', order: 3, timeoutMs: 600 * SECOND, servers: true, oneByOne: true },
];

function project(layer: Layer): TestProjectInlineConfiguration {
  return {
    test: {
      name: layer.name,
      include: [`test/${layer.name}/**/*.test.ts`],
      environment: 'node',
      // Processes, not threads: native modules, signals and chdir belong to one test file.
      pool: 'forks',
      fileParallelism: layer.oneByOne !== true,
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
    // Vitest leaves one core to itself, which is half of a small machine.
    maxWorkers: '100%',
    reporters: ['default', './scripts/check/summary-reporter.ts'],
    passWithNoTests: false,
    teardownTimeout: 30 * SECOND,
    slowTestThreshold: 5 * SECOND,
  },
});
