/** Decides whether a text can be the name of a company, and removes what does not belong to the name. */
import { parseDate } from '../dates/dates.ts';
import { fold } from '../page/keys.ts';
import { withoutEnd } from '../../../contracts/values/text.ts';

const SUFFIX =
  /(?:^|[\s,])(?:GmbH(?:\s?&\s?Co\.?\s?KG)?|mbH|AG|KG|OHG|UG|e\.\s?K\.|eK|e\.V\.|GbR|SE|Inc\.?|Incorporated|LLC|L\.L\.C\.|LLP|Ltd\.?|Limited|PLC|plc|Corp\.?|Corporation|Co\.|Company|Pty\.?(?:\s+Ltd\.?)?|S\.?A\.?|S\.?A\.?S\.?|SASU|S\.?A\.?R\.?L\.?|EURL|S\.?C\.?I|S\.?L\.?(?:U\.?)?|S\.?C\.?P\.?|B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|S\.?r\.?l\.?s?|S\.?p\.?A\.?|S\.?n\.?c\.?|S\.?a\.?s\.?|Oy|AB|A\/S|ApS|AS|Sp\.?\s?z\s?o\.?o\.?|Kft\.?|s\.r\.o\.|Lda\.?|Ltda\.?|DAC|S\.?N\.?C\.?|S\.?C\.?S\.?|sp\.\s?j\.|Sp\.\s?k\.|e\.U\.|Einzelunternehmen|CVBA|BVBA|Unipessoal)(?=$|[\s,.;:)])/;

const TITLE_WORDS: ReadonlySet<string> = new Set(
  [
    'invoice invoices taxinvoice rechnung facture factura factuur fattura bill receipt statement quittung gutschrift creditnote commercialinvoice vatinvoice proforma',
    'proformainvoice salesinvoice original copy duplicate kopie copie page seite summary rechnungskopie avoir notadecredito creditfactuur notadicredito',
  ].flatMap((words) => words.split(' ')),
);

const STREET =
  /\b(?:street|st|str|road|rd|avenue|ave|av|blvd|boulevard|lane|ln|drive|suite|ste|floor|p\.?o\.? ?box|postfach|court|square|highway|hwy|parkway|way|plaza|rue|place|chemin|impasse|allee|all[ée]e|calle|avenida|paseo|carrer|via|viale|piazza|corso|straat|laan|plein|gracht|kade|rua|avenida|travessa|largo|praça|quai|zone|ul|al|aleja|plac|os)\b|stra(?:ß|ss)e\b|str\.|(?:straat|weg|laan|gasse|platz|gracht|plein|kade|dreef|ring|allee|ufer)\s?\d/i;

const TRAILING_TITLE =
  /[\s–—-](?:tax\s{1,3}|vat\s{1,3}|sales\s{1,3})?(?:invoice|rechnung|facture|factura|factuur|fattura|receipt|statement|bill)$/i;
const LEADING_TITLE =
  /^(?:tax\s+)?(?:invoice|rechnung|facture|factura|factuur|fattura|receipt)\s+(?:from|von|de|van|da)?\s*/i;

/** Longest name, in characters; a longer text is a sentence. */
const LONGEST_NAME = 64;
const MOST_WORDS = 8;

/** Tells whether the text holds the legal form of a company. */
export function hasLegalForm(text: string): boolean {
  return text.length <= 120 && SUFFIX.test(text);
}

/** Keeps letters and digits only, for comparing names with domains and with each other. */
export function squash(text: string): string {
  return fold(text).replaceAll(/[^a-z0-9]/g, '');
}

/** Tells whether a text is the title of a document and nothing else. */
export function isTitle(text: string): boolean {
  return TITLE_WORDS.has(squash(text));
}

/** Returns the parts of a sender's line: `Firm - Street 1 - 12345 Town`. */
export function senderNames(text: string): string[] {
  if (text.length > 200) return [text];
  return text
    .split(/\s[-–—·•|*◦»°]\s|[·•|]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Tells whether a text looks like a part of an address. */
export function isAddress(text: string): boolean {
  if (text.length > 120) return false;
  if (hasLegalForm(text)) return false;
  return (
    STREET.test(text) ||
    /^\d/.test(text) ||
    /\b\d{4,5}\b/.test(text) ||
    /\s\d{1,4}\s?[a-zA-Z]?$/.test(text) ||
    /\b[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b/.test(text)
  );
}

/** Tells whether a text is contact data or an official number. */
export function isContact(text: string): boolean {
  if (text.length > 300) return false;
  return /@|www\.|https?:|\b(?:tel|telefon|phone|fax|t[ée]l|iban|bic|vat|ust|siret|siren|btw|kvk|p\.? ?iva|cif|nif|abn|ein|hrb|e-?mail)\b/i.test(
    text,
  );
}

function isSentence(text: string): boolean {
  return (
    text.split(/\s+/).length > MOST_WORDS ||
    /(?:\p{L}{5}\.|[!?])\s+\p{Lu}/u.test(text.replace(SUFFIX, '')) ||
    (/[.!?:]$/.test(text) && !hasLegalForm(text))
  );
}

/** Accepts texts of mostly letters, of a plausible length, that begin like a name. */
function hasShapeOfName(name: string): boolean {
  const letters = name.replaceAll(/[^\p{L}]/gu, '').length;
  if (letters < 2 || name.length < 3 || name.length > LONGEST_NAME) return false;
  if (letters < 0.5 * name.replaceAll(/\s/g, '').length) return false;
  // Titles set with wide spacing break into letters that look like a legal form: `I N V`.
  if (!/[\p{L}\d]{2}/u.test(name.replace(SUFFIX, ' '))) return false;
  return /^(?:[\p{Lu}\d"'(]|\p{Ll}+[\p{Lu}.])/u.test(name) || hasLegalForm(name);
}

/** Recognises titles, links, sentences, addresses and dates. */
function isSomethingElse(name: string): boolean {
  if (isTitle(name) || /@|www\.|https?:|\$|€|£|%|#/.test(name) || /^[a-z0-9-]+\.[a-z]{2,4}$/i.test(name)) return true;
  return isSentence(name) || isAddress(name) || parseDate(name) !== undefined;
}

/** Returns the name in a text without titles and marks; `undefined` when the text cannot be a name. */
export function cleanName(text: string): string | undefined {
  if (text.length > 160) return undefined;
  const bare = withoutEnd(text.replace(/^[^\p{L}\d"'(]+/u, ''), /[\s,;:|*–—-]/);
  const name = withoutEnd(bare.replace(TRAILING_TITLE, ''), /[\s–—-]/)
    .replace(LEADING_TITLE, '')
    .trim();
  return hasShapeOfName(name) && !isSomethingElse(name) ? name : undefined;
}

const FREE_MAIL: ReadonlySet<string> = new Set(
  'gmail googlemail outlook hotmail yahoo icloud gmx web aol live msn protonmail proton example mail t-online orange free wanadoo libero'.split(
    ' ',
  ),
);

const DOMAIN = /(?:@|www\.|https?:\/\/(?:www\.)?|^)([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+){1,4})(?:[/\s,;):]|$)/i;

/** Returns the label that its owner chose: the one before the suffix, which may have two labels such as `co.uk`. */
function chosenLabel(labels: readonly string[]): string | undefined {
  const ending = labels.at(-1) ?? '';
  if (labels.length < 2 || !/^[a-z]{2,8}$/.test(ending)) return undefined;
  const second = labels.at(-2) ?? '';
  const twoLabels = labels.length > 2 && /^(?:co|com|org|net|gov|ac)$/.test(second);
  return twoLabels ? labels.at(-3) : second;
}

/** Returns the chosen label of the domain in an e-mail or web address: `qualityhosting` of `info@qualityhosting.de`. */
export function domainOf(text: string): string | undefined {
  if (text.length > 120) return undefined;
  const labels = DOMAIN.exec(text)?.[1]?.toLowerCase().split('.') ?? [];
  const core = chosenLabel(labels) ?? '';
  return core.length >= 3 && /[a-z]/.test(core) && !FREE_MAIL.has(core) ? core : undefined;
}
