import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { checkUrl, guardedLookup, isPublicAddress, type Lookup } from '../../../services/imports/download/addresses.ts';
import { createDownloader } from '../../../services/imports/download/download.ts';
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
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:7f00:0001',
    '::7f00:1',
    '::127.0.0.1',
    '::808:808',
    '::ffff:0:7f00:1',
    '64:ff9b::808:808',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:80ff:fffe',
    '2606:2800::5efe:7f00:1',
    '2606:2800::200:5efe:a00:1',
    '2001:db8::1',
    '2001:20::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    '100::1',
    'fec0::1',
    'ff02::1',
    'fe80::1%eth0',
    '2606:2800:220:1:248:1893:25c8:1946%eth0',
    '8.8.8.8.',
    '0x7f.1',
    '0177.0.0.1',
    '010.8.8.8',
    '2130706433',
    '127.1',
    '[::1]',
    '',
    'nonsense',
  ])('%s is none of the public internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    '93.184.216.34',
    '8.8.8.8',
    '172.32.0.1',
    '2606:2800:220:1:248:1893:25c8:1946',
    '::ffff:8.8.8.8',
    '2a00:1450:4001:80b::200e',
  ])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://0300.0250.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://127%2e0.0.1/',
    'http://[::ffff:7f00:1]/',
    'http://[::7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::a00:1]/',
    'http://[2002:a00:1::]/',
    'http://169.254.169.254/latest/meta-data/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'http://user:secret@example.com/',
  ])('refuses %s before any connection', (url) => {
    expect(() => checkUrl(new URL(url), closed)).toThrow(
      expect.objectContaining({ type: 'AddressNotAllowed' }) as Error,
    );
  });

  it('refuses an IPv4 address of a private network in whichever form of IPv6 it is carried', () => {
    const privateAddress = fc
      .tuple(
        fc.constantFrom([127], [10], [0], [169, 254], [192, 168], [172, 16], [100, 64], [198, 18], [224], [240]),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
      )
      .map(([start, rest]) => [...start, ...rest].slice(0, 4));
    const carriers: readonly ((high: string, low: string) => string)[] = [
      (high, low) => `::${high}:${low}`,
      (high, low) => `::ffff:${high}:${low}`,
      (high, low) => `::ffff:0:${high}:${low}`,
      (high, low) => `64:ff9b::${high}:${low}`,
      (high, low) => `64:ff9b:1:2:3:4:${high}:${low}`,
      (high, low) => `2002:${high}:${low}::1`,
      (high, low) => `2001:0:${high}:${low}::1`,
      (high, low) => `2606:2800::5efe:${high}:${low}`,
    ];
    fc.assert(
      fc.property(privateAddress, fc.constantFrom(...carriers), (octets, carry) => {
        const bytes = Buffer.from(octets);
        const carried = carry(bytes.readUInt16BE(0).toString(16), bytes.readUInt16BE(2).toString(16));
        expect(isPublicAddress(octets.join('.'))).toBe(false);
        expect(isPublicAddress(carried)).toBe(false);
        expect(() => checkUrl(new URL(`http://[${carried}]/`), closed)).toThrow(/public http or https address/);
        expect(() => checkUrl(new URL(`http://${bytes.readUInt32BE(0)}/`), closed)).toThrow(/public/);
      }),
    );
  });

  it('decides alike by any spelling of an IPv6 address, and lets none through outside 2000::/3', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (octets) => {
        const address = ipaddr.fromByteArray([...octets]) as ipaddr.IPv6; // 16 bytes make no other kind
        const verdicts = [address.toString(), address.toNormalizedString(), address.toString().toUpperCase()].map(
          (spelling) => isPublicAddress(spelling),
        );
        expect(new Set(verdicts).size).toBe(1);
        if ((octets[0] ?? 0) >> 5 !== 1) expect(verdicts[0]).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['http', 'https'])(
    'ends a %s request whose socket leads inside after all, with nothing sent',
    async (scheme) => {
      let received = 0;
      const server = createServer((socket) => {
        socket.on('data', ({ length }) => (received += length)).on('error', () => undefined);
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as AddressInfo; // it listens on a port
      // A name that leads elsewhere between the look and the connection.
      let looks = 0;
      const turncoat = {
        family: 4,
        get address(): string {
          looks += 1;
          return looks === 1 ? '8.8.8.8' : '127.0.0.1';
        },
      };
      const lookup = ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
        done(null, [turncoat])) as unknown as Lookup;
      const downloader = createDownloader({ ...closed, maxRedirects: 0, silenceMs: 2_000, lookup });
      const url = `${scheme}://example.com:${port}/secret`;
      const opened = downloader.open(url, { from: 0, validator: null }, new AbortController().signal);
      await expect(opened).rejects.toMatchObject({
        type: 'AddressNotAllowed',
        message: expect.stringContaining('a connection to the address 127.0.0.1') as string,
      });
      expect(received).toBe(0);
      await new Promise((done) => server.close(done));
    },
  );

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
