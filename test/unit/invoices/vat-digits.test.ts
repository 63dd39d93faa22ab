import { describe, expect, it } from 'vitest';
import { extractInvoice } from '../../../services/invoices/extract.ts';
import { hasRightDigits } from '../../../services/invoices/taxes/vat-digits.ts';
import { vatIdOf } from '../../../services/invoices/taxes/vat-shapes.ts';
import { pageOf } from './page.ts';

/** Numbers that are public: of large companies and of authorities. */
const REAL = [
  ['Austria', 'ATU13585627'],
  ['Belgium', 'BE0428759497'],
  ['Bulgaria', 'BG175074752'],
  ['Switzerland', 'CHE107787577'],
  ['Cyprus', 'CY10259033P'],
  ['Czechia', 'CZ25123891'],
  ['Germany', 'DE136695976'],
  ['Denmark', 'DK13585628'],
  ['Estonia', 'EE100931558'],
  ['Greece', 'EL094259216'],
  ['Spain', 'ESA28015865'],
  ['Finland', 'FI20774740'],
  ['France', 'FR40303265045'],
  ['the United Kingdom', 'GB980780684'],
  ['Croatia', 'HR33392005961'],
  ['Hungary', 'HU12892312'],
  ['Ireland', 'IE6433435F'],
  ['Ireland, the older form', 'IE8D79739I'],
  ['Italy', 'IT00743110157'],
  ['Lithuania', 'LT119511515'],
  ['Luxembourg', 'LU15027442'],
  ['Latvia', 'LV40003521600'],
  ['Malta', 'MT11679112'],
  ['the Netherlands', 'NL004495445B01'],
  ['Norway', 'NO974760673MVA'],
  ['Poland', 'PL8567346215'],
  ['Portugal', 'PT501964843'],
  ['Romania', 'RO18547290'],
  ['Sweden', 'SE556188840401'],
  ['Slovenia', 'SI50223054'],
  ['Slovakia', 'SK2022749619'],
  ['Northern Ireland', 'XI980780684'],
] as const;

/** The same number with its fifth digit raised by one. */
function misread(id: string): string {
  const at = [...id.matchAll(/\d/g)][4]?.index ?? 0;
  return `${id.slice(0, at)}${String((Number(id[at]) + 1) % 10)}${id.slice(at + 1)}`;
}

describe('the check digits of a VAT number', () => {
  it.each(REAL)('of %s are right in %s, and wrong with one digit misread', (_country, id) => {
    expect(vatIdOf(id)).toBe(id);
    expect(hasRightDigits(id)).toBe(true);
    expect(vatIdOf(misread(id))).toBe(misread(id));
    expect(hasRightDigits(misread(id))).toBe(false);
  });

  it('are known for each country whose shape is known', () => {
    const prefixes = new Set(REAL.map(([, id]) => id.slice(0, 2)));
    expect(prefixes.size).toBe(31);
  });

  it('are no reason against a number of a country without them', () => {
    expect(hasRightDigits('ZZ123')).toBe(true);
  });
});

const vatOf = (...rows: string[]): { issuer: unknown; buyer: unknown } => {
  const head = ['@8/16 Muster Werkzeuge GmbH', '@8 Rechnung Nr. 4711', '@8 Datum: 03.02.2025'];
  const { issuerVatId, buyerVatId } = extractInvoice([
    pageOf([...head, ...rows, '@8 Gesamtbetrag ¦ >92 119,00 EUR'], 0),
  ]);
  return { issuer: issuerVatId, buyer: buyerVatId };
};

describe('a VAT number with wrong digits', () => {
  it('is not taken where the same party has a right one', () => {
    const { issuer } = vatOf('@8 Unsere USt-IdNr.: DE136695978', '@8 Unsere USt-IdNr.: DE136695976');
    expect(issuer).toMatchObject({ value: 'DE136695976' });
    expect(issuer).not.toHaveProperty('note');
  });

  it('is not taken where a number without a party is right', () => {
    const { issuer } = vatOf('@8 USt-IdNr.: DE136695978', '@8 USt-IdNr.: DE136695976');
    expect(issuer).toMatchObject({ value: 'DE136695976' });
  });

  it('is reported with a note where there is no other, and not in place of the other party', () => {
    const { issuer, buyer } = vatOf('@8 Unsere USt-IdNr.: DE136695978', '@8 Ihre USt-IdNr.: DE811569869');
    expect(issuer).toMatchObject({
      value: 'DE136695978',
      note: expect.stringContaining('check digits are wrong') as string,
    });
    expect(buyer).toMatchObject({ value: 'DE811569869' });
    expect(buyer).not.toHaveProperty('note');
    const [wrong, right] = [issuer, buyer] as { confidence: number }[];
    expect(wrong?.confidence).toBeLessThan((right?.confidence ?? 0) - 0.2);
  });

  it('is no reason to take further words into a right one', () => {
    expect(vatOf('@8 Our VAT: RO 18547290 16').issuer).toMatchObject({ value: 'RO18547290' });
  });

  it('is not that of another country with the same label', () => {
    expect(vatOf('@8 NIF: 501964843').issuer).toMatchObject({ value: 'PT501964843' });
  });
});
