/** Settings of the API. */
import { API_KEY_EXPECTED, isLongKey, number, optional, port, text } from './entries.ts';

export const api = {
  host: text('API_HOST', '127.0.0.1', {
    doc: 'Interface that the API listens on. Any but a loopback address needs API_KEY.',
  }),
  port: port('API_PORT', 8080, { doc: 'Port of the API.' }),
  key: optional('API_KEY', API_KEY_EXPECTED, isLongKey, {
    doc: 'When set, every request except health needs it. Required in production. At least 16 characters.',
    secret: true,
  }),
  adminKey: optional('ADMIN_API_KEY', API_KEY_EXPECTED, isLongKey, {
    doc: 'Key of administrators: needed to start tasks by name, to revoke and to pause queues. Unset: nobody may while API_KEY is set.',
    secret: true,
  }),
  uploadMaxMb: number(
    'UPLOAD_MAX_MB',
    100,
    { min: 1, max: 10_000 },
    { doc: 'Largest upload that the API takes.', unit: 'MB' },
  ),
};
