/** The Python package, built and installed, against the whole product: its own tests run with pytest and real Celery. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { type Agreement, opened, privateTexts, question, RETRIES, VALUES } from '../../support/python/agreement.ts';
import { writePythonApplication } from '../../support/python/application.ts';
import { findPython, installPackage, packageDir, providePython, run } from '../../support/python/environment.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';

const version = await findPython();
const keys = { ADMIN_API_KEY: 'key-of-an-administrator', API_KEY: 'key-of-other-callers' };
const files = readdirSync(path.join(packageDir, 'tests')).filter((name) => /^test_\w+\.py$/.test(name));

describe.skipIf(version === undefined)('the Python package (needs Python 3.10 or later with venv)', () => {
  let folder: string;
  let python: string;
  let env: NodeJS.ProcessEnv;
  let world: TestStack;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'perennial-python-'));
    python = await providePython(version ?? '');
    const application = path.join(folder, 'application');
    await writePythonApplication(application);
    const [stack, site] = await Promise.all([
      startTestStack({
        components: ['temporal', 'postgres', 'worker', 'api'],
        env: { ...keys, APPLICATION_DIR: application },
      }),
      installPackage(python, folder),
    ]);
    world = stack;
    env = {
      PYTHONPATH: site,
      PYTHONDONTWRITEBYTECODE: '1',
      PERENNIAL_URL: world.stack.addresses.api ?? '',
      PERENNIAL_API_KEY: keys.ADMIN_API_KEY,
      PERENNIAL_READER_KEY: keys.API_KEY,
      TEMPORAL_ADDRESS: world.stack.addresses.temporal,
      SEAL_KEYS: world.sealKeys,
      BLOB_URL: world.blobUrl,
      RETRY_DELAY_SCALE: '0.02',
      PERENNIAL_DOCS: path.join(projectDir, 'docs/python.md'),
    };
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has tests', () => {
    expect(files).toContain('test_celery.py');
  });

  // Most of their time is spent waiting for tasks.
  it.concurrent.each(files)('passes %s', async (file) => {
    const command = [python, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', path.join('tests', file)];
    expect(await run(command, { env })).toMatch(/\d+ passed/);
  });

  it.concurrent('has workers that seal, hide and retry as those in TypeScript do', async () => {
    const asked = path.join(folder, 'question.json');
    writeFileSync(asked, await question());
    const program = path.join(packageDir, 'tests/agreement.py');
    const told = await run(['sh', '-c', `"${python}" "${program}" < "${asked}"`], { env });
    const answer = JSON.parse(told) as Agreement; // the program writes nothing else
    expect(answer.private).toEqual(privateTexts());
    for (const [at, { decision }] of RETRIES.entries()) {
      const { delayMs, finalType } = answer.decisions[at] ?? {};
      if (decision.again) expect(delayMs, String(at)).toBeCloseTo(decision.delayMs, 6);
      else expect([delayMs, finalType ?? undefined], String(at)).toEqual([null, decision.finalType]);
    }
    expect(answer.values).toEqual(VALUES);
    expect(await opened(answer.payloads)).toEqual(VALUES);
    const readable = answer.readable.join('\n');
    for (const word of ['example.com', '"k"', '"reset_token":5', 'anything']) expect(readable).not.toContain(word);
    expect(readable).toContain('"note":"plain"');
  });

  it.concurrent('is typed, for those who use it as well', async () => {
    // The cache is that of the environment, because reading the types of the packages takes most of the time.
    const cache = path.join(python, '../../mypy');
    const command = [python, '-m', 'mypy', '--strict', '--cache-dir', cache];
    expect(await run([...command, 'src'])).toContain('Success');
    expect(await run([...command, 'tests/typed_program.py'], { env })).toContain('Success');
  });

  it.concurrent('keeps the rules of style', async () => {
    await run([python, '-m', 'ruff', 'check', '--no-cache', '.']);
    await run([python, '-m', 'ruff', 'format', '--no-cache', '--check', '.']);
  });
});
