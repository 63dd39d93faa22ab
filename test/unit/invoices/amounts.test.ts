import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  compare,
  decimal,
  moneyText,
  multiply,
  near,
  numberText,
  parseAmount,
  repairDigits,
  subtract,
  wholeQuotient,
  type DecimalSign,
} from '../../../services/invoices/amounts/amounts.ts';

const text = (printed: string, hint?: DecimalSign): string | undefined => {
  const value = parseAmount(printed, hint);
  return value === undefined ? undefined : moneyText(value);
};

describe('OCR-5 amounts', () => {
  it.each([
    ['1,234.56', '1234.56'],
    ['1.234,56', '1234.56'],
    ['1 234,56', '1234.56'],
    ["1'234.56", '1234.56'],
    ['1’234.56', '1234.56'],
    ['1\u00A0234,56', '1234.56'],
    ['12,34,567.00', '1234567.00'],
    ['1.234.567,89', '1234567.89'],
    ['1.234.56', '1234.56'],
    ['$4.11', '4.11'],
    ['US$ 4.11', '4.11'],
    ['4,11 €', '4.11'],
    ['EUR34,73', '34.73'],
    ['CHF 1’000.-', '1000.00'],
    ['12,-', '12.00'],
    ['(12.50)', '-12.50'],
    ['-12.50', '-12.50'],
    ['−12.50', '-12.50'],
    ['12.50-', '-12.50'],
    ['$-12.50', '-12.50'],
    ['-$12.50', '-12.50'],
    ['£0.0125', '0.0125'],
    ['.50', '0.50'],
    ['1,234', '1234.00'],
    ['12.5', '12.50'],
    ['1O.OO', '10.00'],
    ['l2.50', '12.50'],
    ['007', '7.00'],
  ])('reads %s as %s', (printed, expected) => {
    expect(text(printed)).toBe(expected);
  });

  it.each([
    '',
    'abc',
    '1,23,45',
    '12.34.5',
    '1,2345.67',
    '--',
    '€',
    '1.2,3.4',
    '12/31',
    '1 23',
    'INV-12',
    '1'.repeat(60),
  ])('reads no amount in %j', (printed) => {
    expect(text(printed)).toBeUndefined();
  });

  it.each([
    ['1.234', ',', '1234.00'],
    ['1.234', '.', '1.234'],
    ['1,234', '.', '1234.00'],
    ['1,234', ',', '1.234'],
    ['1.23456', ',', '1234.56'],
    ['0.01235', ',', '0.01235'],
    ['12,50', '.', '12.50'],
    ['0.125', ',', '0.125'],
  ] as const)('reads %s in a document with the decimal sign %s as %s', (printed, hint, expected) => {
    expect(text(printed, hint)).toBe(expected);
  });

  it('OCR-5 every amount survives printing and reading, in every notation', () => {
    const notations = [
      [',', '.'],
      ['.', ','],
      [' ', ','],
      ["'", '.'],
    ] as const;
    fc.assert(
      fc.property(
        fc.bigInt({ min: -99_999_999_999n, max: 99_999_999_999n }),
        fc.constantFrom(...notations),
        fc.constantFrom('', '$', '€'),
        (cents, [group, sign], mark) => {
          const plain = moneyText(decimal(cents, 2));
          const [whole = '', fraction = ''] = plain.replace('-', '').split('.');
          const printed = `${cents < 0n ? '-' : ''}${mark}${whole.replaceAll(/\B(?=(?:\d{3})+$)/g, group)}${sign}${fraction}`;
          expect(text(printed)).toBe(plain);
        },
      ),
    );
  });

  it('reckons exactly where floats do not', () => {
    const [a, b] = [decimal(1n, 1), decimal(2n, 1)];
    expect(moneyText(add(a, b))).toBe('0.30');
    expect(moneyText(subtract(a, b))).toBe('-0.10');
    expect(moneyText(multiply(decimal(214975n, 4), decimal(6n, 0)))).toBe('128.985');
    expect(near(decimal(128985n, 3), decimal(12899n, 2))).toBe(true);
    expect(near(decimal(100n, 2), decimal(102n, 2))).toBe(false);
    expect(compare(decimal(10n, 1), decimal(100n, 2))).toBe(0);
    expect(numberText(decimal(250n, 2))).toBe('2.5');
    expect(wholeQuotient(decimal(9990n, 2), decimal(999n, 2))).toEqual(decimal(10n, 0));
    expect(wholeQuotient(decimal(1n, 0), decimal(0n, 0))).toBeUndefined();
    expect(wholeQuotient(decimal(10n, 0), decimal(3n, 0))).toBeUndefined();
  });

  it.each([
    ['1O0', '100'],
    ['I5', '15'],
    ['Box', 'Box'],
    ['A4', 'A4'],
  ])('repairs the digits of %s to %s', (read, expected) => {
    expect(repairDigits(read)).toBe(expected);
  });
});
