/** How values travel: sealed where they must be, and by reference to the blob store where they are too large. */
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import {
  type DataConverter,
  ExternalStorage,
  type Payload,
  type StorageDriver,
  StorageDriverClaim,
  type StorageDriverTargetInfo,
} from '@temporalio/common';
import proto from '@temporalio/proto';
import type { BlobRef } from '../contracts/values/blobs.ts';
import { canvasWorkflows, PAYLOADS_FOLDER } from '../contracts/canvas/vocabulary.ts';
import { BYTES_PER_MB } from '../contracts/values/units.ts';
import { encryptionCodec } from './encryption.ts';
import { createKeyRing } from './key-ring.ts';
import { sealingCodec, type Side } from './sealing.ts';

/**
 * The part of a blob store that payloads need; `services/blobs` provides it.
 *
 * @example
 * ```ts
 * import { connectPerennial, type ManifestStore, type PayloadStore } from './client/index.ts';
 *
 * const connectWith = (blobs: ManifestStore & PayloadStore) => connectPerennial({ address: 'localhost:7233', blobs });
 * ```
 */
export interface PayloadStore {
  /** `content` is read once. */
  put(prefix: string, content: Readable): Promise<BlobRef>;
  open(ref: BlobRef): Promise<Readable>;
}

/**
 * Largest payload that the history of a canvas holds itself, in bytes. A run makes 1,000 calls (or twice as many light
 * ones), and a server stops a run whose history reaches 50 MB.
 */
const CANVAS_BYTES = 32 * 1024;

/**
 * Largest payload in the history of other workflows, in bytes; they keep their histories small themselves. The server's
 * limit is 2 MB.
 */
const OTHER_BYTES = BYTES_PER_MB;

const RUNS_OF_CANVASES: ReadonlySet<string> = new Set(Object.values(canvasWorkflows));

const { Payload: PayloadType } = proto.temporal.api.common.v1;

/** What values need on their way. */
export interface PayloadOptions {
  readonly side: Side;
  /** Where large payloads are put; without it they stay in histories. */
  readonly blobs?: PayloadStore | undefined;
  /** Keys of sealed values, as {@link createKeyRing} takes them; without them nothing that must be sealed can be sent. */
  readonly sealKeys?: string | undefined;
  /** Keys in the same form; with them, whole payloads are encrypted. */
  readonly payloadKeys?: string | undefined;
}

/** The one converter of clients and workers: as the SDK's own, with sealed values, and large payloads in the store. */
export function payloadConverter({ side, blobs, sealKeys, payloadKeys }: PayloadOptions): DataConverter {
  const sealing = sealingCodec(sealKeys === undefined ? undefined : createKeyRing(sealKeys, 'sealKeys'), side);
  const encryption = payloadKeys === undefined ? [] : [encryptionCodec(createKeyRing(payloadKeys, 'payloadKeys'))];
  return {
    payloadCodecs: [sealing, ...encryption],
    ...(blobs === undefined ? {} : { externalStorage: storageIn(blobs) }),
  };
}

function storageIn(store: PayloadStore): ExternalStorage {
  const driver = createDriver(store);
  return new ExternalStorage({
    drivers: [driver],
    driverSelector: ({ target }, { data }) => ((data?.length ?? 0) >= largest(target) ? driver : null),
    payloadSizeThreshold: CANVAS_BYTES,
  });
}

/** Returns the limit for the type of a run; messages to runs, such as the end of a part, carry no type. */
function largest(target: StorageDriverTargetInfo | undefined): number {
  return target?.type === undefined || RUNS_OF_CANVASES.has(target.type) ? CANVAS_BYTES : OTHER_BYTES;
}

/** Creates the driver. Every reference contains its name, so readers need a driver of the same name. */
function createDriver(store: PayloadStore): StorageDriver {
  return {
    name: 'perennial-blobs',
    type: 'perennial.blobs',
    store: (_context, payloads) => Promise.all(payloads.map((payload) => put(store, payload))),
    retrieve: (_context, claims) => Promise.all(claims.map(({ claimData }) => get(store, claimData))),
  };
}

async function put(store: PayloadStore, payload: Payload): Promise<StorageDriverClaim> {
  const { store: kind, key, size, sha256 } = await store.put(PAYLOADS_FOLDER, Readable.from(encoded(payload)));
  return new StorageDriverClaim({ store: kind, key, size: String(size), sha256 });
}

/**
 * Yields the encoded form of a payload in pieces, because the encoder would copy all of it at once: the order of fields
 * is free, so the data, which is the large one, comes last and as it is.
 */
function* encoded({ data, ...rest }: Payload): Generator<Uint8Array> {
  yield PayloadType.encode(rest).finish();
  const bytes = data ?? new Uint8Array();
  yield Uint8Array.of(DATA_TAG, ...varint(bytes.length));
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}

/** Field 2 of `temporal.api.common.v1.Payload`, whose bytes come after their length. */
const DATA_TAG = (2 << 3) | 2;
const PIECE_BYTES = BYTES_PER_MB;

/** Writes a number as protobuf does: seven bits a byte, the lowest first. */
function* varint(value: number): Generator<number> {
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) yield (rest & 0x7f) | 0x80;
  yield rest;
}

async function get(store: PayloadStore, { store: kind, key, size, sha256 }: Record<string, string>): Promise<Payload> {
  // `as` is safe: the store validates the reference.
  const ref = { store: kind, key, size: Number(size), sha256 } as BlobRef;
  return PayloadType.decode(await buffer(await store.open(ref)));
}
