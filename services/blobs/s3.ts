/** Blobs in S3 or in a server with an S3-compatible API. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { BlobStore, PutOptions, StoredBlob } from './port.ts';
import { asking, s3Error } from './s3-errors.ts';
import {
  blobKey,
  checkRef,
  corrupt,
  prepareWorkFolder,
  refOfKey,
  spool,
  verifying,
  type SpooledFile,
} from './spool.ts';
import { withoutEnd } from '../../contracts/values/text.ts';

/** Settings of {@link createS3BlobStore}. */
export interface S3BlobStoreOptions {
  /** Address of the server, for example `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /**
   * Prefix of every key inside the bucket.
   * @defaultValue ''
   */
  readonly prefix?: string;
  /** Local folder for running uploads and downloads. */
  readonly cacheDir: string;
  /**
   * Attempts for one request.
   * @defaultValue 3
   */
  readonly attempts?: number;
}

interface S3 {
  readonly client: S3Client;
  readonly bucket: string;
  readonly attempts: number;
  readonly keyOf: (key: string) => string;
  /** The local folder, created and cleaned at first use. */
  readonly folder: () => Promise<string>;
}

/** Opens a store in a bucket. Nothing is sent before the first call. */
export function createS3BlobStore(options: S3BlobStoreOptions): BlobStore {
  const s3 = connect(options);
  const downloads = new Map<string, { readonly file: Promise<SpooledFile>; users: number }>();

  const localFile = async (ref: BlobRef): ReturnType<BlobStore['localFile']> => {
    checkRef(ref, 's3');
    // Several page ranges of one document are read at once and share one download.
    const entry = downloads.get(ref.key) ?? { file: download(s3, ref), users: 0 };
    downloads.set(ref.key, entry);
    entry.users++;
    let open = true;
    const release = async (): Promise<void> => {
      if (!open) return;
      open = false;
      if (--entry.users > 0) return;
      downloads.delete(ref.key);
      await entry.file.then(
        ({ path }) => rm(path, { force: true }),
        () => {},
      );
    };
    try {
      return { path: (await entry.file).path, release };
    } catch (error) {
      await release();
      throw error;
    }
  };

  return {
    put: (prefix, content, limits) => put(s3, prefix, content, limits),
    open: (ref) => openBlob(s3, ref),
    openRange: (ref, from, to) => openRange(s3, ref, from, to),
    localFile,
    remove: async (ref) => {
      checkRef(ref, 's3');
      await asking(() => s3.client.send(new DeleteObjectCommand({ Bucket: s3.bucket, Key: s3.keyOf(ref.key) })));
    },
    removeOld: async (ref, before) => {
      checkRef(ref, 's3');
      return removeOld(s3, ref, before);
    },
    list: (prefix) => list(s3, prefix),
    removeAll: (prefix) => removeAll(s3, prefix),
    check: async () => {
      // Each check has an object of its own, so that concurrent checks do not remove each other's.
      const object = { Bucket: s3.bucket, Key: s3.keyOf(`.check/${randomUUID()}`) };
      await asking(() => s3.client.send(new PutObjectCommand({ ...object, ...CHECK_CONTENT })));
      await asking(() => s3.client.send(new DeleteObjectCommand(object)));
    },
  };
}

/** The checksum is sent as in an upload, because a server that refuses it is unusable. */
const CHECK_CONTENT = { Body: 'check', ChecksumSHA256: createHash('sha256').update('check').digest('base64') };

const ignore = (): void => {};

function connect(options: S3BlobStoreOptions): S3 {
  const attempts = options.attempts ?? 3;
  const prefix = withoutEnd((options.prefix ?? '').replace(/^\/+/, ''), /\//);
  let folder: Promise<string> | undefined;
  return {
    client: new S3Client({
      endpoint: options.endpoint,
      region: options.region,
      credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
      forcePathStyle: true,
      maxAttempts: attempts,
      // Many other servers refuse the trailer in which AWS sends newer checksums; ours is sent as a header.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // The SDK would write a console warning for every repeated upload, although the repetition is intended.
      logger: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
      requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
    }),
    bucket: options.bucket,
    attempts,
    keyOf: (key) => (prefix === '' ? key : `${prefix}/${key}`),
    folder: () =>
      (folder ??= prepareWorkFolder(options.cacheDir).catch((error: unknown) => {
        folder = undefined;
        throw error;
      })),
  };
}

/** Stores content by way of a local file, because the request and the key need its size and checksum. */
async function put(s3: S3, prefix: string, content: Readable | Uint8Array, options?: PutOptions): Promise<BlobRef> {
  blobKey(prefix, ''); // refuses a bad prefix before anything is written
  const spooled = await spool(await s3.folder(), content, options?.limit);
  try {
    const ref: BlobRef = {
      store: 's3',
      key: blobKey(prefix, spooled.sha256),
      size: spooled.size,
      sha256: spooled.sha256,
    };
    if (!(await isStored(s3, ref))) await upload(s3, ref, spooled.path);
    return ref;
  } finally {
    await rm(spooled.path, { force: true });
  }
}

/**
 * Age in milliseconds from which an existing object is uploaded again; its renewed age tells the clean-up that it is in
 * use.
 */
const YOUNG_MS = 60_000;

async function isStored(s3: S3, ref: BlobRef): Promise<boolean> {
  const found = await head(s3, ref);
  return found?.size === ref.size && Date.now() - found.putAt.getTime() < YOUNG_MS;
}

async function head(s3: S3, ref: BlobRef): Promise<{ readonly size: number; readonly putAt: Date } | undefined> {
  try {
    const { ContentLength, LastModified } = await asking(
      () => s3.client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key: s3.keyOf(ref.key) })),
      ref,
    );
    // Without a time from the server the object counts as young, so that it is kept rather than lost.
    return { size: ContentLength ?? 0, putAt: LastModified ?? new Date() };
  } catch (error) {
    if (error instanceof PerennialError && error.type === 'BlobCorrupt') return undefined;
    throw error;
  }
}

async function removeOld(s3: S3, ref: BlobRef, before: Date): Promise<'removed' | 'young' | 'missing'> {
  const found = await head(s3, ref);
  if (found === undefined) return 'missing';
  // The header counts whole seconds, so an object put in the same second as `before` counts as young.
  if (found.putAt.getTime() + 1000 > before.getTime()) return 'young';
  await asking(() => s3.client.send(new DeleteObjectCommand({ Bucket: s3.bucket, Key: s3.keyOf(ref.key) })));
  return 'removed';
}

async function* list(s3: S3, below: string): AsyncGenerator<StoredBlob> {
  const start = s3.keyOf('');
  let next: string | undefined;
  do {
    const page = await asking(() =>
      s3.client.send(
        new ListObjectsV2Command({
          Bucket: s3.bucket,
          Prefix: s3.keyOf(below === '' ? '' : `${below}/`),
          ContinuationToken: next,
        }),
      ),
    );
    for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
      const ref = refOfKey('s3', Key.slice(start.length), Size);
      if (ref !== undefined) yield { ref, putAt: LastModified ?? new Date() };
    }
    next = page.NextContinuationToken;
  } while (next !== undefined);
}

/** Repeats the whole upload, because the SDK cannot resend a stream that was partly sent. */
async function upload(s3: S3, ref: BlobRef, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const body = createReadStream(path);
    try {
      const command = new PutObjectCommand({
        Bucket: s3.bucket,
        Key: s3.keyOf(ref.key),
        Body: body,
        ContentLength: ref.size,
        ChecksumSHA256: Buffer.from(ref.sha256, 'hex').toString('base64'),
      });
      await asking(() => s3.client.send(command));
      return;
    } catch (error) {
      const again = error instanceof PerennialError && error.type === 'StorageUnavailable' && attempt < s3.attempts;
      if (!again) throw error;
    } finally {
      body.destroy();
    }
  }
}

async function openBlob(s3: S3, ref: BlobRef): Promise<Readable> {
  checkRef(ref, 's3');
  const answer = await asking(
    () => s3.client.send(new GetObjectCommand({ Bucket: s3.bucket, Key: s3.keyOf(ref.key) })),
    ref,
  );
  const body = answer.Body;
  if (!(body instanceof Readable)) throw corrupt(ref, 'no content');
  if (answer.ContentLength !== undefined && answer.ContentLength !== ref.size) {
    body.destroy();
    throw corrupt(ref, `${answer.ContentLength} bytes`);
  }
  const check = verifying(ref);
  body.on('error', (error) => check.destroy(s3Error(error)));
  check.on('close', () => body.destroy());
  return body.pipe(check);
}

async function openRange(s3: S3, ref: BlobRef, from: number, to: number): Promise<Readable> {
  checkRef(ref, 's3');
  if (from >= to) return Readable.from([]);
  const range = `bytes=${from}-${to - 1}`;
  const answer = await asking(
    () => s3.client.send(new GetObjectCommand({ Bucket: s3.bucket, Key: s3.keyOf(ref.key), Range: range })),
    ref,
  );
  const body = answer.Body;
  if (!(body instanceof Readable)) throw corrupt(ref, 'no content');
  if (answer.ContentLength === to - from) return body;
  body.destroy();
  throw corrupt(ref, `${answer.ContentLength ?? 0} bytes of the range ${range}`);
}

async function removeAll(s3: S3, prefix: string): Promise<void> {
  blobKey(prefix, ''); // refuses a bad prefix before anything is listed
  for await (const { ref } of list(s3, prefix))
    await asking(() => s3.client.send(new DeleteObjectCommand({ Bucket: s3.bucket, Key: s3.keyOf(ref.key) })));
}

async function download(s3: S3, ref: BlobRef): Promise<SpooledFile> {
  return spool(await s3.folder(), await openBlob(s3, ref));
}
