import { readFile } from 'node:fs/promises';
import type { TlsConfig } from './processes/temporal.ts';

/** Certificates in the form that client and worker of Temporal's SDK accept. */
export interface Certificates {
  readonly serverRootCACertificate?: Buffer;
  readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer };
  readonly serverNameOverride?: string;
}

/**
 * Reads the PEM files that the configuration names; returns `undefined` for a connection without TLS. It rejects when a
 * file cannot be read.
 */
export async function readCertificates(tls: TlsConfig): Promise<Certificates | undefined> {
  if (!tls.enabled) return undefined;
  const { certFile, keyFile, caFile, serverName } = tls;
  const file = (path: string | undefined) => (path === undefined ? undefined : readFile(path));
  const [crt, key, ca] = await Promise.all([file(certFile), file(keyFile), file(caFile)]);
  return {
    ...(ca === undefined ? {} : { serverRootCACertificate: ca }),
    ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } }),
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
  };
}
