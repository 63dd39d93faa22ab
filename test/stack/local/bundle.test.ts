/** The bundle of workflows that a start of the stack makes for its workers. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { projectDir } from '../../../config/project.ts';
import { provideBundle } from '../../../stack/bundle.ts';
import { compiledDir, provideProduct } from '../../../stack/product.ts';
import type { StackContext } from '../../../stack/context.ts';
import { lineReporter } from '../../../stack/reporter.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'perennial-test-bundle-'));
  await provideProduct();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function contextOf(variables: Readonly<Record<string, string>>, signal?: AbortSignal): StackContext {
  const log = lineReporter(() => undefined);
  return { config: loadConfig(variables), log, has: () => true, groups: [], ...(signal ? { signal } : {}) };
}

async function builtByWorker(): Promise<string> {
  const module = pathToFileURL(path.join(compiledDir, 'workers/bundle.js')).href;
  const code = `process.stdout.write((await (await import('${module}')).bundleWorkflows()).code)`;
  const args = ['--input-type=module', '--eval', code];
  return (await promisify(execFile)(process.execPath, args, { cwd: projectDir, maxBuffer: 50_000_000 })).stdout;
}

describe('the bundle of a stack', () => {
  it('is what a worker would build for itself, and nothing unfinished stays beside it', async () => {
    const file = await provideBundle(contextOf({ STATE_DIR: folder }));
    expect(file).toBe(path.join(folder, 'workflows.js'));
    const nameless = (code: string): number => code.slice(0, code.lastIndexOf('//# sourceMappingURL=')).length;
    expect(nameless(await readFile(file, 'utf8'))).toBe(nameless(await builtByWorker()));
    expect(await readdir(folder)).toEqual(['workflows.js']);
  });

  it('is the one that WORKFLOW_BUNDLE names, which is left as it is', async () => {
    const named = path.join(folder, 'workflows.js');
    const before = await stat(named);
    expect(await provideBundle(contextOf({ STATE_DIR: folder, WORKFLOW_BUNDLE: named }))).toBe(named);
    expect((await stat(named)).mtimeMs).toBe(before.mtimeMs);
  });

  it('that cannot be made says what the bundler said', async () => {
    const context = contextOf({ STATE_DIR: path.join(folder, 'not', 'there') });
    await expect(provideBundle(context)).rejects.toThrow(/^The workflows could not be bundled: .*ENOENT/s);
  });

  it('is not waited for when the start is interrupted', async () => {
    const stop = new AbortController();
    const making = provideBundle(contextOf({ STATE_DIR: folder }, stop.signal));
    stop.abort(new Error('interrupted'));
    await expect(making).rejects.toThrow('interrupted');
  });

  it('is made by a command too, which names its argument', async () => {
    const run = promisify(execFile)(process.execPath, ['--import', 'tsx', 'workers/build-bundle.ts'], {
      cwd: projectDir,
    });
    await expect(run).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected the file to write') as string,
    });
  });
});
