/** Runs every gate, even after one has failed, and ends with a table, so that one run reports all failures. */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

const GATES = ['typecheck', 'lint', 'format:check', 'arch', 'unused', 'patterns', 'bundle', 'docs:check'] as const;

interface Result {
  readonly gate: string;
  readonly passed: boolean;
  readonly seconds: number;
}

function run(gate: string): Result {
  console.log(`\n── ${gate}`);
  const started = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', gate], { stdio: 'inherit' });
  return { gate, passed: status === 0, seconds: (performance.now() - started) / 1000 };
}

const results = GATES.map(run);
console.log('');
for (const { gate, passed, seconds } of results) {
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${gate.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`);
}
const failed = results.filter((result) => !result.passed).length;
console.log(`gates: ${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
