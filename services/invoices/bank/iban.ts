/**
 * International bank account numbers. Lengths follow the IBAN registry of SWIFT (ISO 13616); the check digits follow
 * ISO 7064, MOD 97-10.
 */

const LENGTHS: ReadonlyMap<string, number> = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18
   FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21
   LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24
   SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
    .trim()
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Countries whose numbers hold digits only, so that a letter in them was misread. */
const DIGITS_ONLY: ReadonlySet<string> = new Set(
  'AT BA BE CZ DE DK EE ES FI HR HU IS LT ME NO PL PT RS SE SI SK'.split(' '),
);

/** Fewest digits in a number; words that pass the check by chance have fewer. */
const LEAST_DIGITS = 9;

const LOOK_ALIKES: Readonly<Record<string, string>> = {
  O: '0',
  Q: '0',
  D: '0',
  I: '1',
  L: '1',
  S: '5',
  B: '8',
  Z: '2',
};

/** Returns the length of the numbers of a country; `undefined` for a country without such numbers. */
export function ibanLength(country: string): number | undefined {
  return LENGTHS.get(country);
}

/** Computes the rest of the division by 97 digit by digit, because the whole number exceeds what a float holds. */
function restBy97(text: string): number {
  let rest = 0;
  for (const letter of text) {
    for (const digit of String(Number.parseInt(letter, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest;
}

/**
 * Tells whether a text in capitals and without spaces is a valid number: a known country, the length of that country,
 * and check digits that fit.
 */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(text) || text.length !== ibanLength(text.slice(0, 2))) return false;
  if (DIGITS_ONLY.has(text.slice(0, 2)) && !/^\d+$/.test(text.slice(2))) return false;
  return restBy97(text.slice(4) + text.slice(0, 4)) === 1;
}

/** Returns the valid number at the start of a text; `undefined` when there is none. */
export function ibanAtStart(text: string): string | undefined {
  const printed = text.slice(0, ibanLength(text.slice(0, 2)) ?? 0);
  return isIban(printed) && printed.replaceAll(/\D/g, '').length >= LEAST_DIGITS ? printed : undefined;
}

/** Repairs misread digits in the number at the start of a text; the check digits tell whether the repair is right. */
export function repairedIban(text: string): string | undefined {
  const country = text.slice(0, 2);
  const printed = text.slice(0, ibanLength(country) ?? 0);
  const digits = DIGITS_ONLY.has(country) ? printed.slice(2) : printed.slice(2, 4);
  const repaired =
    country + digits.replaceAll(/[A-Z]/g, (letter) => LOOK_ALIKES[letter] ?? letter) + printed.slice(2 + digits.length);
  return ibanAtStart(repaired);
}
