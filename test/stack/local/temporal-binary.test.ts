import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { RUN_FOLDER } from '../../support/servers/run-folder.ts';
import { defaultCacheDir, findTemporal, TemporalNotFoundError } from '../../../stack/temporal/binary.ts';

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-binary-'));
  lines = [];
  // Nobody listens there: no download, whatever network there is.
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function command(name: string, script: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const version = (server: string, own = '1.9.1'): string =>
  `echo 'temporal version ${own} (Server ${server}, UI 2.42.1)'`;
const find = (searchPath: string[]) =>
  findTemporal({
    cacheDir: path.join(folder, 'cache'),
    searchPath: searchPath.map((part) => path.join(folder, part)).join(path.delimiter),
    log: (line) => lines.push(line),
  });

describe('findTemporal', () => {
  it('takes the first usable command of PATH', async () => {
    command('old/temporal', version('1.24.0'));
    command('broken/temporal', 'exit 1');
    command('foreign/temporal', 'echo hello');
    const good = command('good/temporal', version('1.32.0'));
    expect(await find(['old', 'broken', 'foreign', 'none', 'good'])).toEqual({
      path: good,
      version: '1.9.1',
      server: '1.32.0',
      source: 'path',
    });
  });

  it('takes the newest usable copy of the cache', async () => {
    command('cache/temporal-1.5.1', version('1.29.1', '0.0.0-DEV'));
    const newer = command('cache/temporal-1.10.0', version('1.33.0', '1.10.0'));
    command('cache/temporal-1.11.0', 'exit 1');
    expect(await find([])).toMatchObject({ path: newer, source: 'cache' });
  });

  it('builds one with Go where it cannot download, and the next search finds it', async () => {
    command(
      'bin/go',
      `/bin/cat > "$GOBIN/temporal" <<'END'\n#!/bin/sh\n${version('1.29.1', '0.0.0-DEV')}\nEND\n/bin/chmod +x "$GOBIN/temporal"`,
    );
    const results = await Promise.all([find(['bin']), find(['bin'])]);
    expect(results[0].path).toBe(path.join(folder, 'cache', 'temporal-1.5.1'));
    expect(results.map(({ source }) => source).sort()).toEqual(['build', 'cache']);
    expect(lines.join('\n')).toContain('building the temporal command 1.5.1 with Go');
    expect(readdirSync(path.join(folder, 'cache'))).toEqual(['temporal-1.5.1']);
  });

  it('is found by the global setup of tests on a machine that has none', async () => {
    const bin = path.dirname(
      command(
        'bin/go',
        `/bin/cat > "$GOBIN/temporal" <<'END'\n#!/bin/sh\n${version('1.29.1')}\nEND\n/bin/chmod +x "$GOBIN/temporal"`,
      ),
    );
    const test = { globals: true, globalSetup: [path.join(projectDir, 'test/support/global-setup.ts')] };
    writeFileSync(path.join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify({ test })};`);
    writeFileSync(path.join(folder, 'one.test.mjs'), `test('runs', () => {});`);
    const { [RUN_FOLDER]: _outer, ...env } = process.env;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [path.join(projectDir, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder],
      { env: { ...env, PATH: bin, XDG_CACHE_HOME: path.join(folder, 'cache') } },
    );
    expect(stdout).toMatch(/1 passed/);
    expect(stderr).toContain('downloading the temporal command');
    expect(readdirSync(path.join(folder, 'cache/perennial/bin'))).toEqual(['temporal-1.5.1']);
  });

  it('tells everything it tried and what to do', async () => {
    command('bin/temporal', 'exit 3');
    command('bin/go', 'echo "no network" >&2; exit 1');
    const error: unknown = await find(['bin']).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TemporalNotFoundError);
    const message = String(error);
    for (const part of [
      'bin/temporal:',
      'cache: nothing usable',
      'download from temporal.download:',
      'go install: no network',
      'TEMPORAL_ADDRESS',
      'https://docs.temporal.io/cli',
    ]) {
      expect(message).toContain(part);
    }
  });

  it('can be interrupted', async () => {
    command('bin/go', '/bin/sleep 60');
    const attempt = findTemporal({
      cacheDir: path.join(folder, 'cache'),
      searchPath: path.join(folder, 'bin'),
      log: () => undefined,
      signal: AbortSignal.timeout(1500),
    });
    await expect(attempt).rejects.toThrow(/interrupted/);
  });
});

describe('defaultCacheDir', () => {
  it('follows XDG_CACHE_HOME', () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/x' })).toBe('/x/perennial/bin');
    expect(defaultCacheDir({})).toMatch(/\.cache\/perennial\/bin$/);
  });
});
