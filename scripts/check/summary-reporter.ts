import { writeSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

const SLOWEST = 10;

/** Counts of tests by result; a file that cannot be loaded and an error outside of any test count as failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Formats the closing line, which `.ci/run` parses and people read. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Duration of one test file. */
export interface FileTime {
  readonly project: string;
  readonly file: string;
  /** Duration of loading, hooks and tests, in milliseconds. */
  readonly ms: number;
}

/** Lists the slowest files, one a line, slowest first, because they offer the most to save. */
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
 * Prints the slowest files, and `N passed, N failed` as the last line of a run. It prints when the process ends,
 * because servers are stopped after Vitest has reported and may still write output.
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
