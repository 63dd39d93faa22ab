import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PerennialError } from '../../contracts/failures.ts';
import { createFileBlobStore } from './filesystem.ts';
import type { BlobStore } from './port.ts';
import { createS3BlobStore } from './s3.ts';

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
  const [bucket = '', ...prefix] = url.pathname.split('/').filter((part) => part !== '');
  return createS3BlobStore({
    endpoint: `${url.searchParams.get('tls') === 'false' ? 'http' : 'https'}://${url.host}`,
    bucket,
    region: url.searchParams.get('region') ?? 'us-east-1',
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
    prefix: prefix.join('/'),
    cacheDir: join(tmpdir(), 'perennial-blobs'),
  });
}
