import { describe, expect, it } from 'vitest';
import { refuseBrowser } from '../../../observability/browsers.ts';

const statusOf = (method: string, headers: Record<string, string>): number | undefined =>
  refuseBrowser({ method, headers }, ['perennial.example'])?.status;

describe('the host of a request', () => {
  it.each([
    'localhost',
    'LOCALHOST:8080',
    '127.0.0.1:8080',
    '[::1]:8080',
    '10.1.2.3',
    'perennial.example:443',
    'Perennial.Example',
  ])('%s passes', (host) => {
    expect(statusOf('GET', { host })).toBeUndefined();
  });

  it.each([
    'evil.example',
    'localhost.evil.example:8080',
    '127.0.0.1.evil.example',
    'evil.example#localhost',
    'localhost@evil.example',
    '127.1.evil',
    'perennial.example.evil.example',
    'xperennial.example',
    '[evil.example]',
    '[::1',
    'localhost:8080:1',
    '',
  ])('%j is refused, also for reading (DNS rebinding)', (host) => {
    expect(statusOf('GET', { host })).toBe(421);
    expect(statusOf('POST', { host })).toBe(421);
  });

  it('none is refused', () => {
    expect(statusOf('GET', {})).toBe(421);
  });
});

describe('a change that a browser asks for', () => {
  const host = 'localhost:8080';

  it.each([
    ['no browser', {}],
    ['a page of the same server', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:8080' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['an old browser, a page of the same server', { origin: 'http://localhost:8080' }],
    ['an old browser behind a proxy that ends TLS', { origin: 'https://LOCALHOST:8080' }],
  ])('passes from %s', (_who, headers) => {
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'])
      expect(statusOf(method, { host, ...headers })).toBeUndefined();
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another port of the same machine', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }],
    ['another site that hides its origin', { 'sec-fetch-site': 'cross-site' }],
    ['a value that is not known', { 'sec-fetch-site': 'Same-Origin, cross-site' }],
    ['an old browser, another site', { origin: 'https://evil.example' }],
    ['an old browser, another port', { origin: 'http://localhost:3000' }],
    ['a file or a sandboxed frame', { origin: 'null' }],
    ['an origin that ends like ours', { origin: 'http://evil.example/localhost:8080' }],
  ])('is refused from %s', (_who, headers) => {
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) expect(statusOf(method, { host, ...headers })).toBe(403);
    expect(statusOf('GET', { host, ...headers })).toBeUndefined();
  });
});
