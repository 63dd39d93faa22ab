import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PerennialError } from '../../contracts/failures.ts';
import { whenUsed } from '../../contracts/values/when-used.ts';
import { createFileBlobStore } from './filesystem.ts';
import type { BlobStore } from './port.ts';
import type { S3BlobStoreOptions } from './s3.ts';

/**
 * Opens the blob store of an address: `file:///folder`, or `s3://key:secret@host:port/bucket?region=…&tls=false`.
 * @throws PerennialError `InvalidInput` for any other address; the message never contains the secret
 */
export function createBlobStore(address: string): BlobStore {
  const url = new URL(address);
  if (url.protocol === 'file:') return createFileBlobStore({ root: fileURLToPath(url) });
  if (url.protocol !== 's3:') {
    throw new PerennialError('InvalidInput', `BLOB_URL: expected file://… or s3://…, got ${url.protocol}//…`);
  }
  return storeWhenUsed(async () => (await import('./s3.ts')).createS3BlobStore(settingsOf(url)));
}

function settingsOf(url: URL): S3BlobStoreOptions {
  const [bucket = '', ...prefix] = url.pathname.split('/').filter((part) => part !== '');
  return {
    endpoint: `${url.searchParams.get('tls') === 'false' ? 'http' : 'https'}://${url.host}`,
    bucket,
    region: url.searchParams.get('region') ?? 'us-east-1',
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
    prefix: prefix.join('/'),
    cacheDir: join(tmpdir(), 'perennial-blobs'),
  };
}

/** A store that is opened by its first use, because the library of S3 takes longer to load than many a command runs. */
function storeWhenUsed(open: () => Promise<BlobStore>): BlobStore {
  const store = whenUsed(open);
  return {
    put: async (...given) => (await store()).put(...given),
    open: async (...given) => (await store()).open(...given),
    localFile: async (...given) => (await store()).localFile(...given),
    openRange: async (...given) => (await store()).openRange(...given),
    remove: async (...given) => (await store()).remove(...given),
    removeAll: async (...given) => (await store()).removeAll(...given),
    removeOld: async (...given) => (await store()).removeOld(...given),
    list: async function* (prefix) {
      yield* (await store()).list(prefix);
    },
    check: async () => (await store()).check(),
  };
}
