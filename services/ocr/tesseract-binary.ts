/** Reads pictures with the tesseract binary, one short-lived process for each page. */
import { spawn } from 'node:child_process';
import { PerennialError } from '../../contracts/failures.ts';
import { languageMissing, languagesOf } from './engine.ts';
import type { TextEngine } from './engine.ts';
import { findProgram } from '../processes/programs.ts';
import { pgmHeader } from './gray.ts';
import { isLanguage } from './languages/names.ts';
import { parseTsv } from './tsv.ts';
import type { EngineReading } from './tsv.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** Largest output that is accepted; a page of 100,000 words stays far below it. */
const MAX_OUTPUT_BYTES = 64 * BYTES_PER_MB;
const KEPT_ERROR_BYTES = 8192;

interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly errors: string;
}

/** Looks for the tesseract binary in the folders of PATH; returns `undefined` when there is none. */
export function findTesseract(path = process.env['PATH'] ?? ''): string | undefined {
  return findProgram('tesseract', path);
}

/** Creates the engine. `onProcess` is called with the id of each process, and with 0 when it has ended. */
export function createTesseractBinary(binary: string, onProcess: (pid: number) => void): TextEngine {
  let installed: Promise<readonly string[]> | undefined;
  const read = async (
    args: readonly string[],
    input: readonly Uint8Array[],
    language: string,
  ): Promise<EngineReading> => {
    languagesOf(language);
    const outcome = await run(binary, [...args, '-l', language, 'tsv'], input, onProcess);
    if (outcome.code === 0) return parseTsv(outcome.output, language);
    throw await failureOf(binary, outcome, language);
  };
  return {
    name: 'tesseract',
    languages: () => (installed ??= installedLanguages(binary)),
    installing,
    read: (page, language) => {
      const dpi = page.dpi === undefined ? [] : ['--dpi', String(Math.round(page.dpi))];
      return read(['stdin', 'stdout', ...dpi], [pgmHeader(page), page.data], language);
    },
    readFile: (path, page, language) =>
      read([path, 'stdout', '-c', `tessedit_page_number=${String(page)}`], [], language),
  };
}

function run(
  binary: string,
  args: readonly string[],
  input: readonly Uint8Array[],
  onProcess: (pid: number) => void,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Tesseract's own threads make four pages at once slower.
      env: { ...process.env, OMP_THREAD_LIMIT: '1' },
    });
    onProcess(child.pid ?? 0);
    const output: Buffer[] = [];
    let errors = '';
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT_BYTES) child.kill('SIGKILL');
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < KEPT_ERROR_BYTES) errors += chunk.toString('utf8');
    });
    // A binary that exits early closes its input; its exit code says more than EPIPE does.
    child.stdin.on('error', () => undefined);
    child.once('error', (cause) => {
      onProcess(0);
      reject(
        new PerennialError(
          'ReaderCrashed',
          'Expected the tesseract binary to start, but it did not. Check the installation of tesseract.',
          { cause },
        ),
      );
    });
    child.once('close', (code, signal) => {
      onProcess(0);
      resolve({ code, signal, output: Buffer.concat(output).toString('utf8'), errors });
    });
    // The pieces are written one by one, because joining them would hold a large page in memory twice.
    for (const piece of input) child.stdin.write(piece);
    child.stdin.end();
  });
}

async function failureOf(binary: string, outcome: Outcome, language: string): Promise<PerennialError> {
  const missing = /Failed loading language '([^']+)'/.exec(outcome.errors)?.[1];
  if (missing !== undefined || outcome.errors.includes("couldn't load any languages")) {
    const installed = await installedLanguages(binary);
    return languageMissing(missing ?? language, installed, installing(missing ?? language));
  }
  if (/pixRead|cannot read input|Image file .* cannot be read|image too large/i.test(outcome.errors)) {
    return new PerennialError(
      'CorruptDocument',
      'Expected a picture that can be decoded, but tesseract found it damaged. Supply an undamaged copy.',
    );
  }
  const end = outcome.signal === null ? `exit code ${String(outcome.code)}` : outcome.signal;
  return new PerennialError(
    'ReaderCrashed',
    `Expected tesseract to end with a reading, but it ended with ${end}. It is retried; if it repeats, look at the page.`,
  );
}

function installing(language: string): string {
  return `Install the data of ${language} (Debian: the package tesseract-ocr-${language.replaceAll('_', '-')})`;
}

async function installedLanguages(binary: string): Promise<readonly string[]> {
  const outcome = await run(binary, ['--list-langs'], [], () => undefined);
  return outcome.output
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter(isLanguage);
}
