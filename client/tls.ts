/** Certificates for the connection, from the files that the configuration names. */
import { readFile } from 'node:fs/promises';
import type { TLSConfig } from '@temporalio/client';

/** Paths of PEM files; each may be left out. */
export interface TlsFiles {
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Root certificate of the server, where it is not a public one. */
  readonly caFile?: string | undefined;
  /** Name that the server's certificate must carry, where it differs from the address. */
  readonly serverName?: string | undefined;
}

/** Reads the certificates that `connectPerennial` takes as `tls`. Rejects when a file cannot be read. */
export async function readTls(files: TlsFiles): Promise<TLSConfig> {
  const { certFile, keyFile, caFile, serverName } = files;
  const pair =
    certFile !== undefined && keyFile !== undefined
      ? { crt: await readFile(certFile), key: await readFile(keyFile) }
      : undefined;
  return {
    ...(pair === undefined ? {} : { clientCertPair: pair }),
    ...(caFile === undefined ? {} : { serverRootCACertificate: await readFile(caFile) }),
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
  };
}
