import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { useReaders } from './support.ts';

const { folder } = useReaders();

/** The line of `perennial doctor` about languages, with what to do. */
function languagesLine(variables: Readonly<Record<string, string>>): Promise<string> {
  const loader = createRequire(import.meta.url).resolve('tsx');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', loader, 'stack/doctor/main.ts'],
      { env: { PATH: process.env['PATH'], STATE_DIR: folder(), OCR_ENGINE: 'tesseract.js', ...variables } },
      // Nothing else runs here, so that the program finds more to say and fails.
      (_error, stdout, stderr) => {
        resolve(/^\w+ +languages.*(?:\n {2,}.*)?/m.exec(stdout)?.[0] ?? stdout + stderr);
      },
    );
  });
}

it('OCR-3 the doctor names languages without data, the installed ones and the steps, and is content otherwise', async () => {
  expect(await languagesLine({ OCR_LANGUAGE: 'eng+tlh' })).toMatch(
    /^error {4}languages: OCR_LANGUAGE has tlh, installed are .*eng.*\. .*tlh.*\n {9}Until then a worker does not start/,
  );
  expect(await languagesLine({ OCR_LANGUAGE: 'deu+eng' })).toBe('ok       languages: deu+eng');
  expect(await languagesLine({ OCR_LANGUAGE: 'auto' })).toBe('ok       languages: auto');
});

it('OCR-3 the doctor leaves the languages to a service that reads', async () => {
  const variables = { OCR_LANGUAGE: 'tlh', DEEPSEEK_URL: 'https://reading.example.org/v1' };
  expect(await languagesLine(variables)).toBe('ok       languages');
});
