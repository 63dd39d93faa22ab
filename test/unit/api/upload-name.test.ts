import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeName } from '../../../api/http/upload.ts';

test.each([
  ['scan.png', 'scan.png'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\scan.tiff', 'scan.tiff'],
  ['a\r\nSet-Cookie: x.pdf', 'aSet-Cookie: x.pdf'],
  ['invoice\u202efdp.exe', 'invoicefdp.exe'],
  ['\u001b[31mred.png', '[31mred.png'],
  ['u\u0308ber.pdf', 'über.pdf'],
  ['', 'document'],
  ['..', 'document'],
  ['/', 'document'],
  [undefined, 'document'],
])('%j becomes %j', (given, wanted) => {
  expect(safeName(given)).toBe(wanted);
});

test('a name is never empty, long, a path or a way to drive a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (given) => {
      const name = safeName(given);
      expect(Array.from(name).length).toBeGreaterThan(0);
      expect(Array.from(name).length).toBeLessThanOrEqual(200);
      expect(name).not.toMatch(/[/\\]|\p{Cc}/u);
    }),
  );
});
