/** Says when a text looks like another language than the one that it was read with. */
import type { PageReading } from '../port.ts';
import { likelyLanguage } from './likely.ts';
import { languageNames, scriptOf } from './names.ts';

/** Languages that are easily taken for each other, so that one of them is no hint at another. */
const ALIKE: readonly (readonly string[])[] = [
  ['dan', 'nor', 'swe'],
  ['chi_sim', 'chi_tra', 'jpn'],
  ['rus', 'ukr', 'bul', 'bel', 'srp', 'mkd'],
];

/** Returns what a reading says about its language; nothing where no text was recognised. */
export function languageFacts(text: string, language: string): Pick<PageReading, 'language' | 'hint'> {
  if (text === '') return {};
  const hint = languageHint(text, language);
  return { language, ...(hint === undefined ? {} : { hint }) };
}

/**
 * Returns a sentence for people.
 *
 * @param language - what the text was read with, codes joined by `+`
 * @returns `undefined` when the text fits, or is too little evidence
 */
export function languageHint(text: string, language: string): string | undefined {
  const likely = likelyLanguage(text);
  const codes = language.split('+');
  if (likely === undefined || codes.some((code) => isAlike(code, likely))) return undefined;
  return (
    `The text looks like ${languageNames(likely)}, but it was read as ${languageNames(language)}. ` +
    `Read it again with language ${likely}, or set OCR_LANGUAGE.`
  );
}

function isAlike(code: string, likely: string): boolean {
  if (code === likely) return true;
  // Several languages of a script that the table has one of cannot be told apart.
  if (scriptOf(code) === scriptOf(likely) && !['Latin', 'Cyrillic'].includes(scriptOf(code))) return true;
  return ALIKE.some((group) => group.includes(code) && group.includes(likely));
}
