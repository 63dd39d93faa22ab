/** Compares the languages that are wished with those whose data is installed. */
import type { TextEngine } from '../engine.ts';
import { createTesseractBinary, findTesseract } from '../tesseract-binary.ts';

/** Languages that cannot be read. */
export interface MissingLanguages {
  /** Codes without data, joined by `+`. */
  readonly missing: string;
  /** Codes with data. */
  readonly installed: readonly string[];
  /** What to do, as whole sentences. */
  readonly remedy: string;
}

/** Engine and languages of a machine. */
export interface LanguageSettings {
  /** `auto` is the installed `tesseract` command, else tesseract.js. */
  readonly engine: 'auto' | 'tesseract' | 'tesseract.js';
  /** Codes joined by `+`, or `auto` for any that are installed. */
  readonly language: string;
}

/** Returns what is missing, or `undefined` where each language has its data. */
export async function missingLanguages(settings: LanguageSettings): Promise<MissingLanguages | undefined> {
  const engine = await engineOf(settings);
  const installed = await engine.languages();
  if (settings.language === 'auto' && installed.length > 0) return undefined;
  const missing = settings.language.split('+').filter((code) => !installed.includes(code));
  if (missing.length === 0) return undefined;
  const known = missing.filter((code) => code !== 'auto');
  const steps = (known.length === 0 ? ['eng'] : known).map((code) => engine.installing(code));
  return {
    missing: missing.join('+'),
    installed,
    remedy: `${steps.join('. ')}, or name languages that are installed.`,
  };
}

/** Loads tesseract.js only where it reads, because its start takes a while. */
async function engineOf({ engine }: LanguageSettings): Promise<TextEngine> {
  const binary = engine === 'tesseract.js' ? undefined : findTesseract();
  if (binary !== undefined) return createTesseractBinary(binary, () => undefined);
  const { createTesseractJs } = await import('../tesseract-js.ts');
  return createTesseractJs();
}
