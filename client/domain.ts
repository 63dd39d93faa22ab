/** What a domain contributes to the client. */
import type { Readable } from 'node:stream';
import type { BreakerRecords } from '../contracts/breakers/view.ts';
import type { PriorityLevels } from '../contracts/queues/priorities.ts';
import type { NewSchedule } from '../contracts/schedules/vocabulary.ts';
import type { BlobRef } from '../contracts/values/blobs.ts';
import type { AuditRecords } from './audit/types.ts';
import type { DeadLetterRecords } from './dlq/types.ts';
import type { ImportRecords } from './imports/types.ts';
import type { Rpc } from './connection/rpc.ts';
import type { QueueGate } from './queues/gate.ts';

/**
 * The part of a blob store that stores long lists; `services/blobs` implements it.
 *
 * @example
 * ```ts
 * import type { ManifestStore } from './client/index.ts';
 *
 * async function storeList(store: ManifestStore, ids: readonly string[]): Promise<string> {
 *   const lines = ids.map((documentId) => JSON.stringify({ documentId })).join('\n');
 *   return (await store.put('manifests', Buffer.from(lines))).key;
 * }
 * ```
 */
export interface ManifestStore {
  put(prefix: string, content: Readable | Uint8Array): Promise<BlobRef>;
}

/** A connection and its options. */
export interface ClientContext {
  readonly rpc: Rpc;
  /** Store for lists that are too long for a message; `undefined` when the caller has no blob store. */
  readonly blobs: ManifestStore | undefined;
  /** Imports and their rows in the database; `undefined` when the caller has no database. */
  readonly importRecords: ImportRecords | undefined;
  /** Breakers in the database; `undefined` when the caller has no database. */
  readonly breakerRecords: BreakerRecords | undefined;
  /** Dead letters in the database; `undefined` when the caller has no database. */
  readonly deadLetterRecords: DeadLetterRecords | undefined;
  /** What the database says about work; `undefined` when the caller has no database. */
  readonly auditRecords: AuditRecords | undefined;
  /** Schedules that a sync writes to the server. */
  readonly schedules: readonly NewSchedule[];
  /** Number of priority levels of the server. */
  readonly priorityLevels: PriorityLevels;
  /** Receives warnings about calls that proceed. */
  readonly warn: (message: string) => void;
  readonly gate: QueueGate;
}

/** The contribution of one domain: its jobs, bound to a connection. `client/domains.ts` lists all domains. */
export type ClientDomain<Jobs extends object = object> = (context: ClientContext) => Jobs;
