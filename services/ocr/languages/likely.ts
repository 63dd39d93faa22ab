/**
 * Tells which language a text is written in, by the commonest short words of each language, or by its script.
 *
 * Libraries that compare groups of letters name a language for every text: they take an English invoice for French and a
 * list of part numbers for Hmong. Common words are found in sentences only, so that lists, tables and forms are no
 * evidence, and they outlive the loss of accents in a text that was read with the data of another language.
 */

/** Words that are common in one language and rare or absent in the others of the table; accents are left out. */
const COMMON: Readonly<Record<string, string>> = {
  eng: 'the of and to is that for with was this are from which by have not be been has were their would',
  deu: 'der die und das ist nicht mit von fur den auf dem sich ein eine wird bei sind auch nach werden wurde zur zum',
  fra: 'les des est pour dans que une sur avec par pas du qui sont au vous nous cette aux ont leur votre etre',
  spa: 'los las del para una por con que esta como pero sus fue este entre cuando muy sin sobre desde tambien',
  ita: 'della che per con sono una nel alla gli dei questo anche piu delle come dalla viene nella degli essere stato',
  por: 'uma para nao com dos que mais pela como foi ao pelo seu sua tem das mas ou voce sao quando muito',
  nld: 'het een van en niet zijn voor met dat op aan deze ook wordt bij naar uit maar heeft door worden',
  swe: 'och att det som inte med den har till av ett om ar var kan hade eller fran sig efter skulle',
  dan: 'og at det ikke til af er jeg den med som for har der blev eller fra efter ved kunne skulle',
  nor: 'og ikke det til av som er jeg pa med har den ble eller etter ved ogsa hadde noe skulle fra',
  fin: 'ja on ei se etta oli ovat mutta myos kun joka tai niin ole han sen mukaan jos kanssa voi',
  pol: 'nie sie jest ze na do jak przez oraz dla tego ktory ale byl od przy lub ktore moze tylko',
  ces: 'se na je ze to jako pro byl ktery nebo jsou ale jeho podle take bylo ktere pri aby mezi',
  hun: 'az egy hogy nem van volt csak meg mint ez vagy ezt kell szerint pedig lesz mert minden akkor',
  ron: 'si nu este din cu pe pentru care sunt prin sau dar fost mai acest fara intre dupa poate lor',
  tur: 've bir bu icin ile olarak daha gibi cok ancak olan kadar sonra degil ise her oldugu ama veya',
  rus: 'и в не на что он как это по но для от из его все был или при так только',
  ukr: 'і в не на що та як це до для від із його але або при є був які також',
  bul: 'и на да се за от не по като са това ще бе до със или при който но има',
};

/** Languages whose script alone tells them from the others. */
const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['ell', /\p{Script=Greek}/gu],
  ['ara', /\p{Script=Arabic}/gu],
  ['heb', /\p{Script=Hebrew}/gu],
  ['hin', /\p{Script=Devanagari}/gu],
  ['tha', /\p{Script=Thai}/gu],
  ['kor', /\p{Script=Hangul}/gu],
  ['jpn', /\p{Script=Hiragana}|\p{Script=Katakana}/gu],
  ['chi_sim', /\p{Script=Han}/gu],
];

/** Common words of a language below which a text is no evidence. */
const FEWEST_HITS = 6;
/** Share of the words of a text that are common ones in its language; sentences reach 0.3, and names and codes 0.05. */
const LEAST_SHARE = 0.12;
/** Factor by which the likeliest language must have more common words than the next. */
const CLEARLY_MORE = 1.3;
/** Letters of a script, and their share of all letters, from which they decide. */
const FEWEST_LETTERS = 20;
const MOST_LETTERS = 0.3;

const LANGUAGES_OF = languagesByWord();

function languagesByWord(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [language, words] of Object.entries(COMMON))
    for (const word of words.split(' ')) found.set(word, [...(found.get(word) ?? []), language]);
  return found;
}

/** Returns Tesseract's code of the language that a text is written in; `undefined` when the text is too little evidence. */
export function likelyLanguage(text: string): string | undefined {
  return languageOfScript(text) ?? languageOfWords(wordsOf(text));
}

function languageOfScript(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return SCRIPTS.find(([, script]) => {
    const count = text.match(script)?.length ?? 0;
    return count >= FEWEST_LETTERS && count >= letters * MOST_LETTERS;
  })?.[0];
}

function languageOfWords(words: readonly string[]): string | undefined {
  const hits = new Map<string, number>();
  for (const word of words)
    for (const language of LANGUAGES_OF.get(word) ?? []) hits.set(language, (hits.get(language) ?? 0) + 1);
  const [first, second] = [...hits].sort(([, one], [, other]) => other - one);
  if (first === undefined || first[1] < Math.max(FEWEST_HITS, words.length * LEAST_SHARE)) return undefined;
  return first[1] >= (second?.[1] ?? 0) * CLEARLY_MORE ? first[0] : undefined;
}

function wordsOf(text: string): readonly string[] {
  // й and ї keep their marks, because without them they are other letters.
  const plain = text
    .toLowerCase()
    .replaceAll(/[^\p{Script=Cyrillic}\s]+/gu, (part) => part.normalize('NFD').replaceAll(/\p{M}/gu, ''));
  return plain.split(/[^\p{L}]+/u).filter((word) => word !== '');
}
