import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { readCertificates } from '../config/tls.ts';
import type { TemporalConfig } from '../config/temporal.ts';

/** How often a worker looks for a server that is not there yet, in milliseconds (CFG-12). */
const POLL_MS = 2_000;

/** Addresses of this machine, with or without a port. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** What {@link connectWorker} tells while it waits. */
export interface ConnectionLog {
  warn(fields: object, message: string): void;
}

/**
 * Connects a worker to Temporal, waiting for a server that is still starting
 * (CFG-12: polled every 2 s). Only `signal` ends the waiting: a worker without
 * a server has nothing better to do.
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
    // Within one machine, compressing costs both sides more than it saves.
    ...(LOOPBACK.test(target) ? { grpcCompression: { codec: 'none' } } : {}),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
  };
}
