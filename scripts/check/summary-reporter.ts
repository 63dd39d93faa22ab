import { writeSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

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
 * Prints `N passed, N failed` as the very last line of a run. It does so when
 * the process ends, because servers are stopped, and may still speak, after
 * Vitest has reported.
 */
export default class SummaryReporter implements Reporter {
  #line = closingLine({ passed: 0, failed: 1, skipped: 0 });

  onInit(): void {
    process.once('exit', () => writeSync(1, `${this.#line}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = modules.map(countModule);
    const sum = (key: keyof Counts): number => counts.reduce((total, count) => total + count[key], 0);
    this.#line = closingLine({ passed: sum('passed'), failed: sum('failed') + errors.length, skipped: sum('skipped') });
  }
}
