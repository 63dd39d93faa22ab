import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { readCertificates } from '../config/tls.ts';
import type { TemporalConfig } from '../config/processes/temporal.ts';

/** Interval in milliseconds at which a worker looks for a server that is still starting. */
const POLL_MS = 2_000;

/** Addresses of this machine, with or without a port. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** The part of a logger that {@link connectWorker} uses while it waits. */
export interface ConnectionLog {
  warn(fields: object, message: string): void;
}

/**
 * Connects a worker to Temporal and waits for a server that is still starting. Only `signal` ends the waiting, because
 * a worker without a server has no other work.
 */
export async function connectWorker(
  temporal: TemporalConfig,
  log: ConnectionLog,
  signal: AbortSignal,
): Promise<NativeConnection> {
  const options = await connectionOptions(temporal);
  for (;;) {
    try {
      return await NativeConnection.connect(options);
    } catch (error) {
      log.warn(
        { address: options.address, error: error instanceof Error ? error.message : String(error) },
        'Temporal cannot be reached yet',
      );
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}

async function connectionOptions(temporal: TemporalConfig): Promise<NativeConnectionOptions> {
  const { address, port, apiKey } = temporal;
  const target = address ?? `127.0.0.1:${String(port)}`;
  const tls = await readCertificates(temporal.tls);
  return {
    address: target,
    // On the same machine, compression costs both sides more than it saves.
    ...(LOOPBACK.test(target) ? { grpcCompression: { codec: 'none' } } : {}),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
  };
}
