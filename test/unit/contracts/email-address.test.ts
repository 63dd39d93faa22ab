import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parseMailbox } from '../../../contracts/values/email-address.ts';

describe('EMAIL-9 an address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ["o'brien+tag@Example.CO.UK", "o'brien+tag@example.co.uk"],
    ['Ada.Lovelace@example.com', 'Ada.Lovelace@example.com'],
    ['ann@müller.de', 'ann@xn--mller-kva.de'],
    ['ann@xn--mller-kva.de', 'ann@xn--mller-kva.de'],
    ['ann@MÜLLER.de', 'ann@xn--mller-kva.de'],
    ['info@пример.рф', 'info@xn--e1afmkfd.xn--p1ai'],
    ['info@例え。テスト', 'info@xn--r8jz45g.xn--zckzah'],
    ['a/b=c{d}@example.com', 'a/b=c{d}@example.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%s is %s', (text, address) => {
    expect(parseAddress(text)).toBe(address);
    expect(parseMailbox(text)).toEqual({ address });
  });

  it.each([
    '',
    'x',
    '@example.com',
    'x@',
    'x@example',
    'x@.example.com',
    'x@example.com.',
    'x@example..com',
    'x@-example.com',
    'x@ex_ample.com',
    'x@1.2',
    'x@127.0.0.1',
    'x@1.0x7f',
    'x@127.１',
    'x@example.c',
    'x@[127.0.0.1]',
    'x@example.com:25',
    'x@example.com/a',
    'x@%65xample.com',
    '.x@example.com',
    'x..y@example.com',
    'x.@example.com',
    'x y@example.com',
    '"x y"@example.com',
    'jörg@example.com',
    'x@exam ple.com',
    ' x@example.com',
    'x@example.com\n',
    'x@example.com,y@example.com',
    `${'a'.repeat(65)}@example.com`,
    `x@${'a'.repeat(64)}.com`,
    `x@${'abcdefgh.'.repeat(30)}com`,
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
    expect(parseMailbox(text)).toBeUndefined();
  });

  it('is the same after it was made canonical', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const once = parseAddress(text);
        if (once !== undefined) expect(parseAddress(once)).toBe(once);
      }),
    );
  });
});

describe('a name beside an address', () => {
  it.each([
    ['Ada <ada@example.com>', { name: 'Ada', address: 'ada@example.com' }],
    ['Jörg Müller <joerg@müller.de>', { name: 'Jörg Müller', address: 'joerg@xn--mller-kva.de' }],
    ['"Lovelace, Ada" <ada@example.com>', { name: 'Lovelace, Ada', address: 'ada@example.com' }],
    ['"Ada \\"A\\" <L>" <ada@example.com>', { name: 'Ada "A" <L>', address: 'ada@example.com' }],
    ['<ada@example.com>', { address: 'ada@example.com' }],
    ['Ada<ada@example.com>', { name: 'Ada', address: 'ada@example.com' }],
  ])('%s', (text, mailbox) => {
    expect(parseMailbox(text)).toEqual(mailbox);
    expect(parseAddress(text)).toBeUndefined();
  });

  it.each([
    'Ada <ada>',
    'Ada <>',
    'Ada ada@example.com>',
    'a@example.com <b@example.com>',
    'a@example.com, Ada <b@example.com>',
    'Ada\r\nBcc: x@example.com <ada@example.com>',
    '"Ada\u0000" <ada@example.com>',
    '<a@example.com> <b@example.com>',
    `${'x'.repeat(201)} <ada@example.com>`,
  ])('%j is refused', (text) => {
    expect(parseMailbox(text)).toBeUndefined();
  });
});
