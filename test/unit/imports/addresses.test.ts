import { describe, expect, it } from 'vitest';
import { checkUrl, guardedLookup, isPublicAddress, type Lookup } from '../../../services/imports/download/addresses.ts';
import { shownUrl } from '../../../contracts/imports/vocabulary.ts';

const closed = { allowPrivate: false, allowedHosts: [] as readonly string[] };

describe('addresses that a download may reach', () => {
  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    'ff02::1',
    'nonsense',
  ])('%s is none of the public internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '2606:2800:220:1:248:1893:25c8:1946'])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'http://user:secret@example.com/',
  ])('refuses %s before any connection', (url) => {
    expect(() => checkUrl(new URL(url), closed)).toThrow(
      expect.objectContaining({ type: 'AddressNotAllowed' }) as Error,
    );
  });

  it('lets a host through that the installation allows, with or without a port', () => {
    const rules = { allowPrivate: false, allowedHosts: ['127.0.0.1:8080', 'intranet'] };
    expect(() => checkUrl(new URL('http://127.0.0.1:8080/'), rules)).not.toThrow();
    expect(() => checkUrl(new URL('http://127.0.0.1:8081/'), rules)).toThrow();
  });

  it('refuses a name that leads inside, also when only one of its addresses does', async () => {
    const look = (addresses: readonly string[]): Promise<unknown> => {
      const lookup = ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
        done(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        )) as unknown as Lookup;
      return new Promise((resolve) => {
        guardedLookup(new URL('http://example.com/'), closed, lookup)('example.com', {}, (error, address) =>
          resolve(error ?? address),
        );
      });
    };
    expect(await look(['93.184.216.34'])).toBe('93.184.216.34');
    expect(await look(['10.0.0.1'])).toMatchObject({ type: 'AddressNotAllowed' });
    expect(await look(['93.184.216.34', '169.254.169.254'])).toMatchObject({ type: 'AddressNotAllowed' });
  });

  it('shows addresses without what may be secret in them', () => {
    expect(shownUrl('https://user:key@example.com/a.csv?token=1#x')).toBe('https://example.com/a.csv');
  });
});
