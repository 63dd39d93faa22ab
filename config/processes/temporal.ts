/** Settings of the connection to the Temporal server, and of the server that the local stack starts. */
import { anyText, choice, filePath, flag, mapped, optional, port, text, type ValuesOf } from '../entries.ts';

const isAddress = (value: string): boolean => /^(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5}$/i.test(value);

export const temporal = {
  /** `host:port` of the server; `undefined` when the local stack starts one. */
  address: optional('TEMPORAL_ADDRESS', 'host:port', isAddress, {
    doc: 'Address of the Temporal server. Unset: the local stack starts a server of its own.',
  }),
  namespace: text('TEMPORAL_NAMESPACE', 'default', { doc: 'Temporal namespace.' }),
  /** Encryption of the connection; the paths name PEM files that were readable at start. */
  tls: {
    enabled: flag('TEMPORAL_TLS', false, { doc: 'Encrypt the connection to the Temporal server.' }),
    certFile: filePath('TEMPORAL_TLS_CERT', 'a readable file', {
      doc: 'Client certificate (PEM file); needs TEMPORAL_TLS_KEY.',
    }),
    keyFile: filePath('TEMPORAL_TLS_KEY', 'a readable file', {
      doc: 'Key of the client certificate (PEM file).',
    }),
    caFile: filePath('TEMPORAL_TLS_CA', 'a readable file', {
      doc: 'Root certificate of the server (PEM file), where it is not a public one.',
    }),
    serverName: optional('TEMPORAL_TLS_SERVER_NAME', 'a host name', anyText, {
      doc: 'Host name that the certificate of the server must carry, where it differs from the address.',
    }),
  },
  apiKey: optional('TEMPORAL_API_KEY', 'a key', anyText, {
    doc: 'API key of the Temporal server, for example of Temporal Cloud. Needs TEMPORAL_TLS.',
    secret: true,
  }),
  /** Port of the local server. */
  port: port('TEMPORAL_PORT', 7233, {
    doc: 'Port of the server that the local stack starts; the next free one when it is taken.',
  }),
  /** Whether the local server survives a power failure without losing data. */
  powerSafe: flag('TEMPORAL_POWER_SAFE', false, {
    doc: 'The local server writes each step through to the disk, so that a power failure loses nothing either; slower. A killed process loses nothing in both cases.',
  }),
  /** Port of the Web UI of the local server. */
  uiPort: port('UI_PORT', 8233, {
    doc: "Port of Temporal's Web UI in the local stack; the next free one when it is taken.",
  }),
  /** Number of priority levels of the server. */
  priorityLevels: mapped(
    choice('PRIORITY_LEVELS', ['5', '10'], '5', {
      doc: 'Priorities that the Temporal server tells apart: 5 on every server, 10 where it runs with `matching.priorityLevels=10`.',
    }),
    (levels): 5 | 10 => (levels === '10' ? 10 : 5),
  ),
};

/** Settings of the connection to the Temporal server. */
export type TemporalConfig = ValuesOf<typeof temporal>;

/** Encryption of the connection to Temporal. */
export type TlsConfig = TemporalConfig['tls'];
