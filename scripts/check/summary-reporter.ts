import { writeSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

const SLOWEST = 10;

/** How many tests ended how; a file that cannot be loaded and an error outside of any test count as failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The closing line that `.ci/run` and people read. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** How long one file took. */
export interface FileTime {
  readonly project: string;
  readonly file: string;
  /** Loading, hooks and tests, in milliseconds. */
  readonly ms: number;
}

/** The slowest files, slowest first, one a line: what a shorter run has to begin with. */
export function slowestFiles(times: readonly FileTime[]): string {
  const slowest = times.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  const lines = slowest.map(
    ({ project, file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${project.padEnd(12)} ${file}`,
  );
  return ['The slowest files:', ...lines].join('\n');
}

function timeOf(module: TestModule): FileTime {
  const { collectDuration, setupDuration, duration, prepareDuration, environmentSetupDuration } = module.diagnostic();
  return {
    project: module.project.name,
    file: module.relativeModuleId,
    ms: collectDuration + setupDuration + duration + prepareDuration + environmentSetupDuration,
  };
}

function countModule(module: TestModule): Counts {
  const states = [...module.children.allTests()].map((test) => test.result().state);
  const failedTests = states.filter((state) => state === 'failed').length;
  const brokenFile = failedTests === 0 && module.state() === 'failed' ? 1 : 0;
  return {
    passed: states.filter((state) => state === 'passed').length,
    failed: failedTests + brokenFile,
    skipped: states.filter((state) => state === 'skipped' || state === 'pending').length,
  };
}

/**
 * Prints the slowest files, and `N passed, N failed` as the very last line of a run. It does so when
 * the process ends, because servers are stopped, and may still speak, after
 * Vitest has reported.
 */
export default class SummaryReporter implements Reporter {
  #line = closingLine({ passed: 0, failed: 1, skipped: 0 });

  onInit(): void {
    process.once('exit', () => writeSync(1, `${this.#line}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    if (modules.length > 1) process.stdout.write(`\n${slowestFiles(modules.map(timeOf))}\n`);
    const counts = modules.map(countModule);
    const sum = (key: keyof Counts): number => counts.reduce((total, count) => total + count[key], 0);
    this.#line = closingLine({ passed: sum('passed'), failed: sum('failed') + errors.length, skipped: sum('skipped') });
  }
}
