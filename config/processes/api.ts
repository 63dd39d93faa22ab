/** Settings of the API. */
import { isIP } from 'node:net';
import { BYTES_PER_MB, SECOND_MS } from '../../contracts/values/units.ts';
import { API_KEY_EXPECTED, isLongKey, isOrigin, list, mapped, number, optional, port, text } from '../entries.ts';

/** An address, or a network as `10.0.0.0/8`. */
function isNetwork(value: string): boolean {
  const [address = '', bits = '0', ...rest] = value.split('/');
  const version = isIP(address);
  return version !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

export const api = {
  host: text('API_HOST', '127.0.0.1', {
    doc: 'Interface that the API listens on. Any but a loopback address needs API_KEY.',
  }),
  port: port('API_PORT', 8080, { doc: 'Port of the API.' }),
  metricsHost: text('METRICS_HOST', '127.0.0.1', {
    doc: 'Interface on which the API process serves `/metrics`, without a key: names of queues and machines stand there.',
  }),
  metricsPort: port('METRICS_PORT', 9090, {
    doc: 'Port on which the API process serves `/metrics` for Prometheus; 0 for any free one. A port that is taken is logged.',
  }),
  key: optional('API_KEY', API_KEY_EXPECTED, isLongKey, {
    doc: 'When set, every request except health needs it. Required in production. At least 16 characters.',
    secret: true,
  }),
  adminKey: optional('ADMIN_API_KEY', API_KEY_EXPECTED, isLongKey, {
    doc: 'Key of administrators: needed to start tasks by name, to revoke and to pause queues. Unset: nobody may while API_KEY is set. Set without API_KEY: every route but health and documentation needs it.',
    secret: true,
  }),
  corsOrigins: list('CORS_ORIGINS', 'http:// or https:// origins, separated by commas', isOrigin, {
    doc: 'Origins whose pages may use the API in a browser, for example `https://shop.example.com`. They send a key themselves; cookies and passwords of the browser are never accepted.',
  }),
  uploadMaxMb: number(
    'UPLOAD_MAX_MB',
    100,
    { min: 1, max: 10_000 },
    { doc: 'Largest upload that the API takes.', unit: 'MB' },
  ),
  /** Addresses and networks in Express's notation. */
  trustedProxies: list(
    'API_TRUSTED_PROXIES',
    'addresses or networks such as 10.0.0.0/8, separated by commas',
    isNetwork,
    {
      doc: 'Proxies whose `X-Forwarded-For` is believed. Unset: the address of a caller is that of the connection, which behind a proxy is the same for everybody.',
    },
  ),
  /** Limits for each caller; each API process counts separately. */
  abuse: {
    ratePerAddress: number(
      'API_RATE_PER_ADDRESS',
      100,
      { min: 1, max: 1_000_000 },
      {
        doc: 'Requests from one address, on average; ten times as many may come at once, once a minute. Health is not counted.',
        unit: 'requests/s',
      },
    ),
    ratePerKey: number(
      'API_RATE_PER_KEY',
      1_000,
      { min: 1, max: 1_000_000 },
      { doc: 'Requests with one key from all addresses, counted alike.', unit: 'requests/s' },
    ),
    wrongKeys: number(
      'API_WRONG_KEYS',
      10,
      { min: 1, max: 1_000_000 },
      { doc: 'Wrong keys from one address within API_LOCKOUT_S before the address is locked out.', unit: 'keys' },
    ),
    lockoutMs: mapped(
      number(
        'API_LOCKOUT_S',
        300,
        { min: 1, max: 86_400 },
        {
          doc: 'How long wrong keys are remembered, and so the longest time that an address is locked out.',
          unit: 's',
        },
      ),
      (seconds) => seconds * SECOND_MS,
    ),
    uploadBytesPerHour: mapped(
      number(
        'API_UPLOAD_MB_PER_HOUR',
        20_000,
        { min: 1, max: 100_000_000 },
        { doc: 'Uploads from one address in one hour.', unit: 'MB' },
      ),
      (megabytes) => megabytes * BYTES_PER_MB,
    ),
  },
};

/** Returns the host of a URL for an address to listen on: clients cannot connect to a wildcard. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
