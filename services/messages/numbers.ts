/** Checks telephone numbers with the tables of Google's libphonenumber. */
import { PerennialError } from '../../contracts/failures.ts';
import { whenUsed } from '../../contracts/values/when-used.ts';

const EXPECTED = 'expected a number in the international form, such as +4915112345678';

/**
 * Numbers of emergencies and public services, without their country: no phone of a person has one so short. The tables of
 * the library do not have them.
 */
const PUBLIC = /^(?:\d{2,3}|116\d{3})$/;

/** Kinds of numbers that belong to a phone which takes texts. North American numbers do not tell mobiles and landlines apart. */
const TAKES_TEXTS: ReadonlySet<string> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'PERSONAL_NUMBER']);

/** Digits, with what people write between them. */
const WRITTEN = /^\s*\+?[\d\s().\-/]{2,40}$/;

const library = whenUsed(() => import('libphonenumber-js/max'));

/**
 * Returns a number in the form E.164.
 *
 * @param field - names the number in messages, which never hold it
 * @throws PerennialError `InvalidPhoneNumber`, `EmergencyNumber`, `LandlineNumber`
 */
export async function parseNumber(text: string, field = 'to'): Promise<string> {
  // The library reads digits of all scripts and words such as `ext.`, which are no part of a number here.
  if (!WRITTEN.test(text)) throw invalid(field, 'got something else');
  const { parsePhoneNumberFromString } = await library();
  const number = parsePhoneNumberFromString(text.trim(), { extract: false });
  if (PUBLIC.test(number?.nationalNumber ?? text.replaceAll(/\D/g, '')))
    throw new PerennialError('EmergencyNumber', `${field}: ${EXPECTED}, got the number of a public service`);
  if (number?.isValid() !== true) throw invalid(field, 'got one that no country has');
  requireTexts(number.getType(), field);
  return number.number;
}

/** Refuses a kind of number that takes no texts; the kind is not known of every number. */
function requireTexts(kind: string | undefined, field: string): void {
  if (kind === 'FIXED_LINE')
    throw new PerennialError('LandlineNumber', `${field}: expected the number of a mobile phone, got a landline`);
  if (kind !== undefined && !TAKES_TEXTS.has(kind))
    throw invalid(field, `got a number of the kind ${kind.toLowerCase()}, which takes no texts`);
}

function invalid(field: string, got: string): PerennialError {
  return new PerennialError('InvalidPhoneNumber', `${field}: ${EXPECTED}, ${got}`);
}
