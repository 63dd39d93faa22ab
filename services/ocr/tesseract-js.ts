/**
 * Reads pictures with tesseract.js, for machines without the binary. It works offline, because the data comes from npm
 * packages.
 */
import { existsSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createWorker, OEM, PSM } from 'tesseract.js';
import type { Worker } from 'tesseract.js';
import { PerennialError } from '../../contracts/failures.ts';
import { languageMissing, languagesOf } from './engine.ts';
import type { TextEngine } from './engine.ts';
import { pgmHeader } from './gray.ts';
import { isLanguage } from './languages/names.ts';
import { parseTsv } from './tsv.ts';

/** Density that tesseract assumes for pictures without one. */
const UNKNOWN_DPI = 70;

const require = createRequire(import.meta.url);

/**
 * Folders of the data in order of preference: the integer "best" models read better, and the older folder exists in
 * every package.
 */
const DATA_FOLDERS = ['4.0.0_best_int', '4.0.0'] as const;

/** Creates the engine. It keeps the worker between pages, because loading the model takes a second. */
export function createTesseractJs(): TextEngine {
  let current: { readonly language: string; readonly worker: Worker } | undefined;
  const workerFor = async (language: string): Promise<Worker> => {
    if (current?.language === language) return current.worker;
    await current?.worker.terminate();
    current = undefined;
    const worker = await startWorker(language);
    current = { language, worker };
    return worker;
  };
  return {
    name: 'tesseract.js',
    languages: () => Promise.resolve(installedLanguages()),
    installing,
    read: async (page, language) => {
      const worker = await workerFor(language);
      try {
        await worker.setParameters({
          // By default tesseract.js takes every page for one block, columns included.
          tessedit_pageseg_mode: PSM.AUTO,
          user_defined_dpi: String(Math.round(page.dpi ?? UNKNOWN_DPI)),
        });
        const { data } = await worker.recognize(
          Buffer.concat([pgmHeader(page), page.data]),
          {},
          { text: false, tsv: true },
        );
        return parseTsv(`${pageRow(page.width, page.height)}\n${data.tsv ?? ''}`, language);
      } catch (cause) {
        // After a failure inside WebAssembly the instance cannot be trusted.
        current = undefined;
        await worker.terminate().catch(() => undefined);
        throw new PerennialError(
          'ReaderCrashed',
          'Expected tesseract.js to read the page, but it failed. It is retried; if it repeats, look at the page.',
          { cause },
        );
      }
    },
  };
}

/** Builds the row with the size of the page, which tesseract.js leaves out. */
function pageRow(width: number, height: number): string {
  return `1\t1\t0\t0\t0\t0\t0\t0\t${String(width)}\t${String(height)}\t-1\t`;
}

async function startWorker(language: string): Promise<Worker> {
  const files = languagesOf(language).map(dataFile);
  const [only] = files;
  const langPath = files.length === 1 && only !== undefined ? dirname(only) : folderOf(files);
  // Logger and error handler are set, because the default handler throws from a callback that no caller can catch.
  return createWorker(language, OEM.LSTM_ONLY, {
    langPath,
    gzip: true,
    cacheMethod: 'none',
    errorHandler: () => undefined,
  });
}

function dataFile(language: string): string {
  try {
    const root = dirname(require.resolve(`@tesseract.js-data/${language}/package.json`));
    for (const folder of DATA_FOLDERS) {
      const file = join(root, folder, `${language}.traineddata.gz`);
      if (existsSync(file)) return file;
    }
  } catch {
    // A package that is missing is reported below, together with the installed ones.
  }
  throw languageMissing(language, installedLanguages(), installing(language));
}

function installing(language: string): string {
  return `Install the npm package @tesseract.js-data/${language}`;
}

function installedLanguages(): readonly string[] {
  try {
    return readdirSync(dirname(dirname(require.resolve('@tesseract.js-data/eng/package.json'))))
      .filter(isLanguage)
      .sort();
  } catch {
    return [];
  }
}

/**
 * Links the data of all languages into one folder, because tesseract.js looks in one and npm keeps each language in its
 * own.
 */
function folderOf(files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-ocr-languages-'));
  for (const file of files) symlinkSync(file, join(folder, file.slice(dirname(file).length + 1)));
  return folder;
}
