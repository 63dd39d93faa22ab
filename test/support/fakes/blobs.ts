/** A blob store in memory that keeps its limits. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { PerennialError } from '../../../contracts/failures.ts';
import type { BlobStore } from '../../../services/blobs/port.ts';

export interface MemoryBlobs extends BlobStore {
  readonly contents: Map<string, Buffer>;
  /** Largest number of bytes of one write that were in memory here when it was refused. */
  readonly refusedAfter: number[];
  /** The next writes fail with this. */
  failure: PerennialError | undefined;
}

export function memoryBlobs(): MemoryBlobs {
  const contents = new Map<string, Buffer>();
  const refusedAfter: number[] = [];
  return {
    contents,
    refusedAfter,
    failure: undefined,
    async put(prefix, content, { limit } = {}) {
      const chunks: Buffer[] = [];
      let size = 0;
      const source = content instanceof Uint8Array ? Readable.from([content]) : content;
      for await (const chunk of source) {
        const bytes = Buffer.from(chunk as Uint8Array);
        size += bytes.length;
        if (limit !== undefined && size > limit.bytes) {
          refusedAfter.push(size);
          throw new PerennialError(
            'DocumentTooLarge',
            `Expected at most ${limit.bytes} bytes, found more. Raise ${limit.variable}.`,
          );
        }
        chunks.push(bytes);
      }
      if (this.failure !== undefined) throw this.failure;
      const whole = Buffer.concat(chunks);
      const sha256 = createHash('sha256').update(whole).digest('hex');
      contents.set(sha256, whole);
      return { store: 'file', key: `${prefix}/${sha256}`, size, sha256 };
    },
    open: (ref) => Promise.resolve(Readable.from([contents.get(ref.sha256) ?? Buffer.alloc(0)])),
    localFile: () => Promise.resolve({ path: '/nowhere', release: () => Promise.resolve() }),
    openRange: (ref, from, to) =>
      Promise.resolve(Readable.from([(contents.get(ref.sha256) ?? Buffer.alloc(0)).subarray(from, to)])),
    remove: () => Promise.resolve(),
    removeAll: () => Promise.resolve(),
    removeOld: () => Promise.resolve('missing'),
    list: async function* () {
      // Nothing that is tested with this store lists it.
    },
    check: () => Promise.resolve(),
  };
}
