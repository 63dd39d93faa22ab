import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const project = path.resolve(import.meta.dirname, '../../..');

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the demo on ports and a state folder of its own. */
async function demo(...paths: readonly string[]): Promise<Ran> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'perennial-test-demo-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  const ports = ['API_PORT', 'TEMPORAL_PORT', 'UI_PORT', 'HEALTH_PORT', 'INBOX_PORT'].map(
    (name) => [name, '0'] as const,
  );
  const env: NodeJS.ProcessEnv = { ...process.env, ...Object.fromEntries(ports), STATE_DIR: stateDir, CI: '1' };
  const child = spawn(process.execPath, ['scripts/run.mjs', 'stack/demo/main.ts', ...paths], { cwd: project, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

it('the demo reads documents, imports a list and mails a report', async () => {
  const { code, output } = await demo('samples/01-letter.png', 'samples/13-invoice.pdf', 'samples/91-truncated.pdf');
  expect(output).toContain('Read 2 of 3 documents');
  expect(output).toMatch(/Invoice in 13-invoice\.pdf: Perennial Nursery Ltd · PN-2025-0417/);
  expect(output).toMatch(/│ 91-truncated\.pdf +│ +│ failed/);
  expect(output).toContain('2 read, 1 not read: broken files, which nobody could read');
  expect(output).toContain('5 rows read, 3 saved, 2 rejected (wrong on purpose), 0 skipped');
  expect(output).toMatch(/Report of this month written and mailed: http:\/\/127\.0\.0\.1:\d+\/mail\/[0-9a-f]+/);
  expect(code).toBe(0);
});
