import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { terminalReporter } from '../../../stack/reporter.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const fixture = 'test/stack/local/fixtures/signalled.ts';

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Runs `scripts/run.mjs` from another folder; `whenUp` is told the process id once the entry says `up`. */
function run(args: readonly string[], whenUp?: (pid: number) => void): Promise<Ran> {
  const child = spawn(process.execPath, [path.join(project, 'scripts', 'run.mjs'), ...args], { cwd: '/' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (chunk.toString().includes('up') && child.pid !== undefined) whenUp?.(child.pid);
    });
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

describe('scripts/run.mjs', () => {
  it('runs a TypeScript file with its arguments and hands on signal and exit code', async () => {
    const { code, output } = await run([fixture, 'tsx', '--x'], (pid) => process.kill(pid, 'SIGTERM'));
    expect(output).toContain('up tsx --x');
    expect(output).toContain('got SIGTERM');
    expect(code).toBe(3);
  });

  it('runs a command of the dependencies', async () => {
    const { code, output } = await run(['prettier', '--version']);
    expect([code, output.trim()]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  });

  it.each([
    [['nosuch.ts'], 'There is no nosuch.ts'],
    [['nosuch'], 'neither a file nor a command'],
    [[], 'Usage:'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, output } = await run(args);
    expect(code).toBe(1);
    expect(output).toContain(message);
  });
});

describe('terminalReporter', () => {
  it('prints plain lines in a terminal without a width, where a spinner would hang', async () => {
    const written: string[] = [];
    const stream = { isTTY: true, columns: 0, write: (text: string) => written.push(text) };
    const reporter = await terminalReporter(stream as unknown as NodeJS.WriteStream); // all that is used of it
    reporter.step('Going');
    reporter.done('Gone');
    expect(written).toEqual(['… Going\n', '✓ Gone\n']);
  });
});
