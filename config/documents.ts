/** Settings of the documents domain. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { languageSchema, LANGUAGES_EXPECTED } from '../contracts/documents/schema.ts';
import { anyText, choice, folders, isHttpUrl, mapped, number, optional, parsed, text } from './entries.ts';
import { projectDir } from './project.ts';

/** Settings of the OCR engine on this machine. */
const ocr = {
  engine: choice('OCR_ENGINE', ['auto', 'tesseract', 'tesseract.js'], 'auto', {
    doc: 'Local engine: the installed `tesseract` command, the built-in tesseract.js, or whichever is installed.',
  }),
  language: parsed(
    'OCR_LANGUAGE',
    { expected: LANGUAGES_EXPECTED, schema: languageSchema, fallback: 'eng' },
    {
      doc: 'Languages of documents whose caller names none: codes joined by `+`, or `auto`; see [languages](languages.md).',
      defaultText: 'eng',
    },
  ),
  /** Number of reader processes, at least 1. @defaultValue the number of cores */
  processes: mapped(
    number(
      'OCR_PROCESSES',
      0,
      { min: 0, max: 1024 },
      { doc: 'Pages read at once by one worker.', unit: 'processes', defaultText: '0 (one for each core)' },
    ),
    (processes) => (processes === 0 ? availableParallelism() : processes),
  ),
  pageTimeoutMs: number(
    'OCR_PAGE_TIMEOUT_MS',
    120_000,
    { min: 100, max: 3_600_000 },
    { doc: 'Longest time that reading one page may take.', unit: 'ms' },
  ),
  pageMemoryMb: number(
    'OCR_PAGE_MEMORY_MB',
    1024,
    { min: 64, max: 1_000_000 },
    { doc: 'Most memory that reading one page may take.', unit: 'MB' },
  ),
  /** Number of pages after which a reader process is replaced. */
  recyclePages: number(
    'OCR_RECYCLE_PAGES',
    1_000,
    { min: 1, max: 1_000_000 },
    { doc: 'Pages after which a process that reads pages is replaced by a new one.', unit: 'pages' },
    5_000,
  ),
  maxPixels: number(
    'OCR_MAX_PIXELS',
    100_000_000,
    { min: 1000, max: 10_000_000_000 },
    { doc: 'Largest page.', unit: 'pixels' },
  ),
  maxFileMb: number(
    'OCR_MAX_FILE_MB',
    500,
    { min: 1, max: 100_000 },
    { doc: 'Largest file that is read.', unit: 'MB' },
  ),
  maxPages: number(
    'OCR_MAX_PAGES',
    5000,
    { min: 1, max: 1_000_000 },
    { doc: 'Most pages in one document.', unit: 'pages' },
  ),
};

/** Settings of an OCR model behind an API. */
const deepseek = {
  url: optional('DEEPSEEK_URL', 'an http or https URL', isHttpUrl, {
    doc: 'Service that speaks the OpenAI protocol and runs DeepSeek-OCR. Unset: pages are read by the local engine.',
  }),
  apiKey: optional('DEEPSEEK_API_KEY', 'a key', anyText, {
    doc: 'Key of that service, where it needs one.',
    secret: true,
  }),
  model: text('DEEPSEEK_MODEL', 'deepseek-ai/DeepSeek-OCR', { doc: 'Name of the model at that service.' }),
  timeoutMs: number(
    'DEEPSEEK_TIMEOUT_MS',
    60_000,
    { min: 100, max: 3_600_000 },
    { doc: 'Longest time that one request to it may take.', unit: 'ms' },
  ),
};

export const documents = {
  /** Absolute folders whose files may be read by path. */
  roots: folders('DOCUMENT_ROOTS', ({ stateDir }) => [path.join(projectDir, 'samples'), path.join(stateDir, 'inbox')], {
    doc: 'Folders whose files may be read by path, separated like PATH (`:`, on Windows `;`).',
    defaultText: '`samples` in the project folder and `inbox` in STATE_DIR',
  }),
  ocr,
  deepseek,
};
