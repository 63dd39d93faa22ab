import { describe, expect, it } from 'vitest';
import { decimalAmount, smallestUnits } from '../../../services/billing/money.ts';

describe('an amount of money', () => {
  it.each([
    ['12.50', 'eur', 1_250],
    ['12.5', 'eur', 1_250],
    ['0.29', 'usd', 29],
    ['1234567890.12', 'usd', 123_456_789_012],
    ['500', 'jpy', 500],
    ['1', 'krw', 1],
    ['1.250', 'kwd', 1_250],
    ['5', 'isk', 500],
    ['7.00', 'ugx', 700],
  ])('%s %s is %i of the smallest unit, and back', (amount, currency, units) => {
    expect(smallestUnits(amount, currency)).toBe(units);
    expect(Number(decimalAmount(units, currency))).toBe(Number(amount));
  });

  it.each([
    ['5.50', 'jpy'],
    ['12.505', 'eur'],
    ['1.255', 'kwd'],
    ['5.50', 'isk'],
    ['0', 'eur'],
    ['0.00', 'eur'],
    ['-5', 'eur'],
    ['1e3', 'eur'],
    ['0x10', 'eur'],
    ['1,000.00', 'eur'],
    [' 5', 'eur'],
    ['٥', 'eur'],
    ['Infinity', 'eur'],
    ['', 'eur'],
    ['.5', 'eur'],
    ['99999999999.99', 'eur'],
  ])('%j in %s is refused, and nothing is rounded', (amount, currency) => {
    expect(() => smallestUnits(amount, currency)).toThrow(expect.objectContaining({ type: 'InvalidAmount' }) as Error);
  });

  it('is written with its decimals', () => {
    expect([
      decimalAmount(5, 'eur'),
      decimalAmount(-1_234, 'usd'),
      decimalAmount(5, 'jpy'),
      decimalAmount(0, 'kwd'),
    ]).toEqual(['0.05', '-12.34', '5', '0.000']);
  });
});
