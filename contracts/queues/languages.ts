/** Languages of bodies of tasks. A queue is served by workers of one language. */

/** A language other than TypeScript. */
export type Language = 'python';

export const LANGUAGES = ['python'] as const satisfies readonly Language[];

/** How messages name a language; `undefined` is the language of the product. */
export function languageName(language: Language | undefined): string {
  return language === undefined ? 'TypeScript' : NAMES[language];
}

const NAMES: Readonly<Record<Language, string>> = { python: 'Python' };
