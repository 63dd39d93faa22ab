import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { PLUGGABLE } from '../../../contracts/pluggable.ts';
import { missingLanguages } from '../../../services/ocr/languages/installed.ts';
import { findTesseract } from '../../../services/ocr/tesseract-binary.ts';
import { fleetOf } from '../../../workers/fleets.ts';
import { requireLanguages } from '../../../workers/languages.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** Starts a real worker that has no database; what it misses first ends it. */
async function startWorker(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'workers/main.ts')], {
    cwd: root,
    env: { PATH, HOME, ...env },
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stderr };
}

describe('a worker whose OCR_LANGUAGE', () => {
  test('has no data is refused, with the languages installed and what to do', async () => {
    const { code, stderr } = await startWorker({ OCR_LANGUAGE: 'eng+tlh', OCR_ENGINE: 'tesseract.js' });
    expect(code).toBe(78);
    expect(stderr).toMatch(/OCR_LANGUAGE: expected .*\((?:.*, )?eng\b.*\).*, got 'eng\+tlh'/);
    expect(stderr).toContain('Install the npm package @tesseract.js-data/tlh, or name languages that are installed.');
    expect(stderr).not.toContain('DATABASE_URL');
  });

  test('has its data goes on to what it needs next', async () => {
    const { stderr } = await startWorker({ OCR_LANGUAGE: 'eng', OCR_ENGINE: 'tesseract.js' });
    expect(stderr).not.toContain('OCR_LANGUAGE');
    expect(stderr).toContain('DATABASE_URL');
  });

  test.each([
    ['is auto', { OCR_LANGUAGE: 'auto' }, PLUGGABLE],
    ['has no data, but whose fleet reads nothing', { WORKER_FLEET: 'workflows' }, PLUGGABLE],
    ['has no data, but whose fleet sends messages', { WORKER_FLEET: 'messaging' }, PLUGGABLE],
    ['has no data, but whose application reads nothing', {}, ['email']],
    ['has no data here, but a service reads', { DEEPSEEK_URL: 'http://127.0.0.1:1' }, PLUGGABLE],
  ])('%s goes on', async (_what, env, domains) => {
    // A refusal ends the process, which a run of tests reports as an error.
    const config = loadConfig({ OCR_ENGINE: 'tesseract.js', OCR_LANGUAGE: 'tlh', ...env });
    await requireLanguages(config, domains, fleetOf(config.worker.fleet, 2));
  });
});

describe('the languages that are missing', () => {
  test('are those of tesseract.js without data', async () => {
    const settings = { engine: 'tesseract.js', language: 'eng+tlh+xyz' } as const;
    expect(await missingLanguages(settings)).toMatchObject({
      missing: 'tlh+xyz',
      installed: expect.arrayContaining(['eng']) as string[],
      remedy: expect.stringMatching(/js-data\/tlh\. Install .*js-data\/xyz, or name/) as string,
    });
    expect(await missingLanguages({ ...settings, language: 'eng' })).toBeUndefined();
  });

  test.skipIf(findTesseract() === undefined)('are those of the command without data', async () => {
    const settings = { engine: 'auto', language: 'aze_cyrl' } as const;
    expect(await missingLanguages(settings)).toMatchObject({
      missing: 'aze_cyrl',
      installed: expect.arrayContaining(['eng']) as string[],
      remedy: expect.stringContaining('Debian: the package tesseract-ocr-aze-cyrl') as string,
    });
    expect(await missingLanguages({ ...settings, language: 'eng' })).toBeUndefined();
  });
});
