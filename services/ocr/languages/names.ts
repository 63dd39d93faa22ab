/** What the codes of Tesseract stand for. */

/** Scripts of the languages that are not written in Latin letters. */
const SCRIPT_OF: Readonly<Record<string, string>> = {
  ...scripts('Cyrillic', 'rus ukr bel bul mkd srp kaz kir mon tgk tat uzb_cyrl aze_cyrl'),
  ...scripts('Greek', 'ell grc'),
  ...scripts('Arabic', 'ara fas urd pus snd uig kur_ara'),
  ...scripts('Hebrew', 'heb yid'),
  ...scripts('Devanagari', 'hin mar nep san'),
  ...scripts('Bengali', 'ben asm'),
  ...scripts('Ethiopic', 'amh tir'),
  ...Object.fromEntries(
    'chi_sim chi_tra jpn kor tha tam tel kan mal guj pan ori sin lao khm mya bod dzo kat kat_old hye chr syr div iku'
      .split(' ')
      .map((code) => [code, code]),
  ),
};

function scripts(script: string, codes: string): Readonly<Record<string, string>> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, script]));
}

/** Returns the script of a language; scripts of one language are named by its code. */
export function scriptOf(code: string): string {
  return SCRIPT_OF[code] ?? 'Latin';
}

/** Tells whether data is that of a language, and not of a script, of orientation, or of vertical writing. */
export function isLanguage(code: string): boolean {
  return /^[a-z]{3}(_[a-z]+)?$/i.test(code) && !['osd', 'equ'].includes(code) && !code.endsWith('_vert');
}

const english = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** Names languages for people: `German (deu)`, or the code alone where it has no name. */
export function languageNames(codes: string): string {
  return codes
    .split('+')
    .map((code) => {
      const name = code === 'chi_sim' || code === 'chi_tra' ? 'Chinese' : english.of(code.replace(/_.*/, ''));
      return name === undefined ? code : `${name} (${code})`;
    })
    .join(' and ');
}
