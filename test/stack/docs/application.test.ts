/** Follows docs/adding-a-task.md in an empty folder: writes the files that it shows and runs its commands. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { blocksOf } from '../../../scripts/docs/blocks.ts';
import { findTemporal } from '../../../stack/temporal/binary.ts';
import { installProduct } from '../../support/application/installed.ts';
import { examplesOf } from '../../support/docs/page.ts';
import { environment, expectShown, outputIn } from '../../support/docs/shell.ts';

const PAGE = 'docs/adding-a-task.md';
const REPLAY = 'workflows/count-both.test.ts';

const files = blocksOf(projectDir, PAGE).filter((block) => block.path !== undefined);
const examples = examplesOf(PAGE);
const test = examples.filter(({ code }) => code.includes('vitest'));
const recording = examples.filter(({ code }) => code.includes('temporal workflow show'));
const uses = examples.filter((example) => !test.includes(example) && !recording.includes(example));

let folder: string;
let dev: ChildProcess | undefined;
const env: Record<string, string> = { NO_COLOR: '1' };

function write(wanted: (file: string) => boolean): void {
  for (const { path: file = '', code } of files) {
    if (!wanted(file)) continue;
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), code);
  }
}

/** `npx perennial dev`, until the file ends; returns the address of its server once the worker serves. */
async function startDev(): Promise<string> {
  const started = spawn('npx', ['perennial', 'dev'], { cwd: folder, env: environment(folder), detached: true });
  dev = started;
  let said = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('Watching')) resolve();
      });
    started.once('close', () => reject(new Error(`perennial dev ended:\n${said}`)));
  });
  return /Temporal server is ready on (\S+)/.exec(said)?.[1] ?? '';
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-task-'));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  await installProduct(folder);
  const { path: temporal } = await findTemporal({ log: () => undefined });
  const commands = path.join(folder, 'node_modules/.commands');
  mkdirSync(commands);
  symlinkSync(temporal, path.join(commands, 'temporal'));
  env['PATH'] = `${commands}:${process.env['PATH'] ?? ''}`;
});

afterAll(async () => {
  if (dev?.pid !== undefined && dev.exitCode === null) {
    const closed = new Promise((resolve) => dev?.once('close', resolve));
    process.kill(-dev.pid, 'SIGTERM');
    await closed;
  }
  rmSync(folder, { recursive: true, force: true });
});

// In order: each step needs the one before.
describe(PAGE, () => {
  it('adds a task with two files and a test, which passes without a server', async () => {
    expect([test.length, recording.length, uses.length]).toEqual([1, 1, 4]);
    write((file) => file !== REPLAY);
    for (const { code } of test) expect(await outputIn(folder, code, env)).toMatch(/Tests\s+3 passed/);
  });

  it('shows what commands, clients, canvases, schedules and workflows say of it', async () => {
    env['TEMPORAL_ADDRESS'] = await startDev();
    for (const use of uses) expectShown(PAGE, use, await outputIn(folder, use.code, env));
  });

  it('notices a change that contradicts a history', async () => {
    for (const { code } of recording) await outputIn(folder, code, env);
    write((file) => file === REPLAY);
    const [{ code } = { code: '' }] = test;
    expect(await outputIn(folder, code, env)).toMatch(/Tests\s+4 passed/);
    const workflow = path.join(folder, 'workflows/count-both.ts');
    writeFileSync(workflow, readFileSync(workflow, 'utf8').replace('[one, two].map', '[one].map'));
    await expect(outputIn(folder, code, env)).rejects.toThrow(
      /1 of 1 histories do not replay:\s+histories\/count-both\.json: /,
    );
  });
});
