/** The `perennial` command over services of a test. */
import { runCli, type AllServices } from '../../../cli/program.ts';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** What it printed as JSON; empty when it printed nothing. */
  readonly json: Record<string, unknown>;
  readonly stderr: string;
}

/** Runs a command with `--json`, as a program does. */
export async function command(services: Partial<AllServices>, ...args: string[]): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const code = await runCli([...args, '--json'], {
    connect: () => Promise.resolve({ ...services, close: () => Promise.resolve() } as AllServices),
    openApplication: () => Promise.resolve(),
    restore: () => Promise.reject(new TypeError('expected no restore')),
    stdout: { write: (chunk) => void (stdout += String(chunk)) },
    stderr: { write: (chunk) => void (stderr += String(chunk)) },
    env: {},
    cwd: process.cwd(),
    signal: new AbortController().signal,
  });
  return { code, json: JSON.parse(stdout || '{}') as Record<string, unknown>, stderr };
}
