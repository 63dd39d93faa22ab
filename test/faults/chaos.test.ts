/** A short run of the command: processes really die, and the command says what became of each job. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { ChaosReport } from '../../stack/chaos/run.ts';
import { bundleFile } from '../support/servers/bundle.ts';

const MINUTES = 0.25;
const JOBS = 36;

it(
  'chaos: whatever is killed and disturbed, each accepted job has its effects once',
  { timeout: 300_000 },
  async () => {
    const bundle = await bundleFile();
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['cli/perennial.mjs', 'chaos', '--minutes', String(MINUTES), '--jobs', String(JOBS), '--seed', '15', '--json'],
      { env: { ...process.env, ...(bundle === undefined ? {} : { WORKFLOW_BUNDLE: bundle }) } },
    );
    const report = JSON.parse(stdout) as ChaosReport; // what the command prints
    expect(report).toMatchObject({ seed: 15, duplicated: [], lost: [], refused: [], differences: [], accepted: JOBS });
    expect(report.completed + report.deadLettered).toBe(JOBS);
    expect(report.faults).toBeGreaterThan(3);
    expect(stderr).toMatch(/^ {2}at \d+\.\d s: kill /m);
    expect(stderr).toMatch(/ended \(SIGKILL\); starting it again/);
    expect(stderr.match(/Plan of seed 15: 36 jobs/g)).toHaveLength(1);
    expect(existsSync(report.kept ?? '')).toBe(false);
  },
);
