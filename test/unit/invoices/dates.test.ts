import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen, parseDate, resolveDate, type DayOrder } from '../../../services/invoices/dates/dates.ts';

const read = (text: string, order: DayOrder = 'day-first'): string | undefined => {
  const reading = parseDate(text);
  return reading === undefined ? undefined : resolveDate(reading, order);
};

describe('OCR-5 dates', () => {
  it.each([
    ['2024-12-31', '2024-12-31'],
    ['2024/01/05', '2024-01-05'],
    ['20240105', '2024-01-05'],
    ['12/31/2024', '2024-12-31'],
    ['31.12.2024', '2024-12-31'],
    ['31/12/2024', '2024-12-31'],
    ['31-12-2024', '2024-12-31'],
    ['1.2.24', '2024-02-01'],
    ['31 12 2024', '2024-12-31'],
    ['December 3, 2014', '2014-12-03'],
    ['August 3 , 2014', '2014-08-03'],
    ['Jan 1, 2022', '2022-01-01'],
    ['3rd September 2024', '2024-09-03'],
    ['17-Jan-2024', '2024-01-17'],
    ['3. Dezember 2014', '2014-12-03'],
    ['7. März 2014', '2014-03-07'],
    ['1er janvier 2023', '2023-01-01'],
    ['12 février 2024', '2024-02-12'],
    ['15 août 2024', '2024-08-15'],
    ['7 de octubre de 2024', '2024-10-07'],
    ['18 oktober 2022', '2022-10-18'],
    ['5 mei 2024', '2024-05-05'],
    ['15 gennaio 2025', '2025-01-15'],
    ['31 dic 2024', '2024-12-31'],
    ['0ctober 5, 2024', '2024-10-05'],
    ['2O24-01-15', '2024-01-15'],
    ['l5.O1.2024', '2024-01-15'],
    ['29.02.2024', '2024-02-29'],
  ])('reads %s as %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    '',
    '30.02.2024',
    '29.02.2023',
    '13/13/2024',
    '2024-00-10',
    'Total 12.50',
    '12.50',
    'Foo 3, 2014',
    '1.2.3',
    '99/99/9999',
  ])('reads no date in %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    ['03/04/2024', 'day-first', '2024-04-03'],
    ['03/04/2024', 'month-first', '2024-03-04'],
    ['25/04/2024', 'month-first', '2024-04-25'],
    ['04/25/2024', 'day-first', '2024-04-25'],
    ['03.04.2024', 'month-first', '2024-04-03'],
  ] as const)('reads %s, %s, as %s', (text, order, expected) => {
    expect(read(text, order)).toBe(expected);
  });

  it('knows which dates are open', () => {
    const open = (text: string): boolean => isOpen(parseDate(text) ?? { length: 0 });
    expect([open('03/04/2024'), open('04/04/2024'), open('25/04/2024'), open('03.04.2024')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('OCR-5 every day survives writing and reading', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2069-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10);
          const [year = '', month = '', day = ''] = iso.split('-');
          expect(read(iso)).toBe(iso);
          expect(read(`${day}.${month}.${year}`)).toBe(iso);
          expect(read(`${month}/${day}/${year}`, 'month-first')).toBe(iso);
        },
      ),
    );
  });
});
