/** Settings of the store of files. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isUrl, mapped, optional } from '../entries.ts';

/** `file:///folder`, or `s3://key:secret@host:port/bucket?region=…&tls=true`. */
function isBlobUrl(value: string): boolean {
  if (isUrl(value, ['file:'])) return new URL(value).pathname.length > 1;
  if (!isUrl(value, ['s3:'])) return false;
  const url = new URL(value);
  return url.hostname !== '' && url.username !== '' && url.password !== '' && /^\/[^/]+\/?$/.test(url.pathname);
}

export const blobs = {
  url: mapped(
    optional('BLOB_URL', 'file:///folder or s3://key:secret@host:port/bucket?region=…&tls=true', isBlobUrl, {
      doc: 'Where uploads and large results are stored.',
      defaultText: '`blobs` in STATE_DIR',
      secret: true,
    }),
    (url, { stateDir }) => url ?? pathToFileURL(path.join(stateDir, 'blobs')).href,
  ),
};
