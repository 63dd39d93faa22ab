/** `dist/`: what the processes of a stack and of the image run. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '../../../config/project.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-test-build-'));
  symlinkSync(path.join(projectDir, 'node_modules'), path.join(folder, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, args, { cwd: folder });
const build = async (): Promise<string> => (await run(['scripts/build.mjs'])).stderr;
const inFolder = (name: string): string => path.join(folder, name);

function write(name: string, text: string): void {
  mkdirSync(path.dirname(inFolder(name)), { recursive: true });
  writeFileSync(inFolder(name), text);
}

describe('the build', () => {
  beforeAll(async () => {
    for (const name of ['build.mjs', 'lock.mjs'])
      cpSync(path.join(projectDir, 'scripts', name), inFolder(`scripts/${name}`));
    write('package.json', '{ "type": "module" }');
    write('services/greeting.ts', "export const greeting: string = 'hello';\n");
    write('services/data.sql', 'select 1;\n');
    write('services/notes.md', 'not shipped\n');
    write('workers/main.ts', "import { greeting } from '../services/greeting.ts';\nconsole.log(greeting);\n");
    write('test/own.ts', 'export const untouched = 1;\n');
    await build();
  });

  it('makes JavaScript that runs without a loader, and copies what else the product reads', async () => {
    expect((await run(['dist/workers/main.js'])).stdout).toBe('hello\n');
    expect(readFileSync(inFolder('dist/services/data.sql'), 'utf8')).toBe('select 1;\n');
    expect(existsSync(inFolder('dist/services/notes.md'))).toBe(false);
    expect(existsSync(inFolder('dist/test'))).toBe(false);
  });

  it('compiles what changed only', async () => {
    const untouched = statSync(inFolder('dist/workers/main.js')).ino;
    write('services/greeting.ts', "export const greeting: string = 'good evening';\n");
    utimesSync(inFolder('services/greeting.ts'), 1000, 1000);
    await build();
    expect((await run(['dist/workers/main.js'])).stdout).toBe('good evening\n');
    expect(statSync(inFolder('dist/workers/main.js')).ino).toBe(untouched);
  });

  it('removes what has no source any more', async () => {
    write('services/extra.ts', 'export {};\n');
    await build();
    expect(existsSync(inFolder('dist/services/extra.js'))).toBe(true);
    rmSync(inFolder('services/extra.ts'));
    await build();
    expect(existsSync(inFolder('dist/services/extra.js'))).toBe(false);
  });

  it('throws away what another build compiled', async () => {
    write('dist/stamp', 'other settings');
    write('dist/services/greeting.js', "export const greeting = 'of another build';\n");
    const { mtime } = statSync(inFolder('services/greeting.ts'));
    utimesSync(inFolder('dist/services/greeting.js'), mtime, mtime);
    await build();
    expect((await run(['dist/workers/main.js'])).stdout).toBe('good evening\n');
  });

  it('does not wait for one that was killed', async () => {
    const killed = spawnSync(process.execPath, ['--eval', '']);
    const hash = createHash('sha256').update(folder).digest('hex').slice(0, 12);
    writeFileSync(path.join(tmpdir(), `perennial-build-${hash}.lock`), String(killed.pid));
    write('services/data.sql', 'select 2;\n');
    const startedAt = Date.now();
    await build();
    expect(Date.now() - startedAt).toBeLessThan(20_000); // a lock of somebody alive holds for 120 s
  });

  it('runs beside another one', async () => {
    rmSync(inFolder('dist'), { recursive: true });
    await Promise.all([build(), build(), build()]);
    expect((await run(['dist/workers/main.js'])).stdout).toBe('good evening\n');
  });
});

describe('DEPLOY-1: the build of the image', () => {
  it('has all the files that the entries of the product load', async () => {
    const dockerfile = readFileSync(path.join(projectDir, 'Dockerfile'), 'utf8');
    const stage = dockerfile.slice(dockerfile.indexOf(' AS build'), dockerfile.lastIndexOf('FROM '));
    for (const name of ['dist', 'services', 'workers', 'test'])
      rmSync(inFolder(name), { recursive: true, force: true });
    for (const [, paths] of stage.matchAll(/^COPY (.+) \S+$/gm))
      for (const name of paths!.split(' ')) cpSync(path.join(projectDir, name), inFolder(name), { recursive: true });
    expect(await build()).toMatch(/^Compiling \d+ files …\nCompiled in \d+ s\.\n$/);
    await run(['dist/workers/build-bundle.js', inFolder('workflows.js')]);
    expect(readFileSync(inFolder('workflows.js'), 'utf8')).toContain('batchOcr');
    expect((await run(['dist/cli/main.js', '--help'])).stdout).toContain('Usage: perennial');
    // Both stop at the first setting that they lack, which is after all their modules were loaded.
    const env = { STATE_DIR: inFolder('state'), DATABASE_URL: '' };
    for (const entry of ['dist/workers/main.js', 'dist/api/main.js'])
      await expect(
        promisify(execFile)(process.execPath, [entry], { cwd: folder, env: { ...process.env, ...env } }),
        entry,
      ).rejects.toMatchObject({ stderr: expect.stringContaining('DATABASE_URL') as string });
  });
});
