/** Runs every gate, even after one has failed, and ends with a table, so that one run reports all failures. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';

/** The longest first: each computes on one core, and as many run at once as there are cores. */
const GATES = ['lint', 'typecheck', 'docs:check', 'format:check', 'unused', 'arch', 'bundle', 'patterns'] as const;

interface Result {
  readonly gate: string;
  readonly passed: boolean;
  readonly seconds: number;
}

/** Runs a gate; what it says is printed at its end, so that gates do not talk at once. */
async function run(gate: string): Promise<Result> {
  const started = performance.now();
  const child = spawn('npm', ['run', '--silent', gate], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => void said.push(part));
  const [code] = (await once(child, 'close')) as [number | null];
  console.log(`\n── ${gate}`);
  process.stdout.write(Buffer.concat(said));
  return { gate, passed: code === 0, seconds: (performance.now() - started) / 1000 };
}

const waiting: string[] = [...GATES];
const results: Result[] = [];

async function runNext(): Promise<void> {
  for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) results.push(await run(gate));
}

console.log(`gates: ${GATES.join(', ')}`);
await Promise.all(Array.from({ length: availableParallelism() }, runNext));
console.log('');
for (const { gate, passed, seconds } of results) {
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${gate.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`);
}
const failed = results.filter((result) => !result.passed).length;
console.log(`gates: ${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
