/** Sends text messages, built from the ledger and a provider. */
import type { Database } from '../database/pool.ts';
import { sendText } from './delivery.ts';
import { createTextLedger } from './ledger.ts';
import type { Texter, TextProvider } from './port.ts';

/** What {@link createTexter} needs. */
export interface TexterOptions {
  readonly database: Database;
  readonly provider: TextProvider;
  /** Cost of one part of a message. */
  readonly segmentCost: number;
}

/** Creates what sends messages. Nothing is connected before the first one. */
export function createTexter({ database, provider, segmentCost }: TexterOptions): Texter {
  const parts = { ledger: createTextLedger(database), provider, segmentCost };
  return { send: (message, signal) => sendText(parts, message, signal) };
}
