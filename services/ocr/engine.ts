/** What the two engines, tesseract's binary and tesseract.js, have in common. */
import { PerennialError } from '../../contracts/failures.ts';
import type { GrayPage } from './gray.ts';
import type { EngineReading } from './tsv.ts';

/** Recognises the text of a picture. */
export interface TextEngine {
  readonly name: 'tesseract' | 'tesseract.js';
  /** Languages whose data is installed. */
  languages(): Promise<readonly string[]>;
  /** Tells how to install the data of a language, as the beginning of a sentence. */
  installing(language: string): string;
  /** Reads a picture in memory. */
  read(page: GrayPage, language: string): Promise<EngineReading>;
  /** Reads a PNG, JPEG or TIFF file directly; absent when the engine gains nothing from it. */
  readonly readFile?: (path: string, page: number, language: string) => Promise<EngineReading>;
}

const LANGUAGE = /^[A-Za-z][A-Za-z0-9_]*(\/[A-Za-z0-9_]+)?$/;

/**
 * Splits `eng+deu` into its languages.
 * @throws PerennialError `LanguageDataMissing` for anything that cannot be a language code, so that such a string never
 *   reaches a command line or a path
 */
export function languagesOf(language: string): readonly string[] {
  const codes = language.split('+');
  if (!codes.every((code) => LANGUAGE.test(code))) {
    throw new PerennialError(
      'LanguageDataMissing',
      `language: expected auto, or tesseract's codes such as eng or eng+deu; got ${JSON.stringify(language.slice(0, 60))}. Name installed languages.`,
    );
  }
  return codes;
}

/**
 * Builds the failure for a language whose data is not installed.
 * @param remedy - the beginning of a sentence that tells how to install it
 */
export function languageMissing(missing: string, installed: readonly string[], remedy: string): PerennialError {
  const found = installed.length === 0 ? 'none' : installed.join(', ');
  return new PerennialError(
    'LanguageDataMissing',
    `language: expected auto, or codes joined by + of the languages installed: ${found}; got '${missing}'. ${remedy}, or name another language, or set OCR_LANGUAGE.`,
  );
}
