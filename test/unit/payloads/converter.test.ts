import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createHash } from 'node:crypto';
import type { Payload, StorageDriverTargetInfo } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { payloadConverter, type PayloadStore } from '../../../payloads/converter.ts';

function memoryStore(): PayloadStore & { readonly kept: Map<string, Buffer> } {
  const kept = new Map<string, Buffer>();
  return {
    kept,
    put: async (prefix, stream) => {
      const content = await buffer(stream);
      const sha256 = createHash('sha256').update(content).digest('hex');
      const key = `${prefix}/${sha256}`;
      kept.set(key, content);
      return { store: 'file', key, size: content.length, sha256 };
    },
    open: ({ key }) => Promise.resolve(Readable.from([kept.get(key) ?? Buffer.alloc(0)])),
  };
}

const payload = (bytes: number): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.alloc(bytes, 7),
});
const run = (type: string | undefined): StorageDriverTargetInfo => ({
  kind: 'workflow',
  namespace: 'default',
  ...(type === undefined ? {} : { type }),
});

describe('payloads in the blob store', () => {
  const store = memoryStore();
  const { externalStorage } = payloadConverter({ side: 'client', blobs: store });
  const [driver] = externalStorage?.drivers ?? [];
  if (externalStorage === undefined || driver === undefined) throw new TypeError('expected a driver, got none');

  it('come back as they were, from a folder of their own that housekeeping knows', async () => {
    const sent = [payload(0), payload(127), payload(128), payload(40_000), payload(2_100_000)];
    const claims = await driver.store({}, sent);
    expect([...store.kept.keys()].every((key) => key.startsWith('payloads/'))).toBe(true);
    const back = await driver.retrieve({}, claims);
    expect(back.map(({ data }) => data?.length)).toEqual([0, 127, 128, 40_000, 2_100_000]);
    expect(Buffer.from(back[0]?.metadata?.['encoding'] ?? []).toString()).toBe('json/plain');
  });

  it.each([
    ['runCanvas', 33_000, true],
    ['runCanvasPart', 33_000, true],
    [undefined, 33_000, true],
    ['runCanvas', 32_000, false],
    ['batchOcr', 900_000, false],
    ['batchOcr', 1_100_000, true],
  ])('of %s: %d bytes stored: %s', (type, bytes, stored) => {
    expect(externalStorage.driverSelector({ target: run(type) }, payload(bytes)) === driver).toBe(stored);
    expect(externalStorage.payloadSizeThreshold).toBeLessThanOrEqual(32 * 1024);
  });

  it('stay where they are without a store', () => {
    expect(payloadConverter({ side: 'client' })).not.toHaveProperty('externalStorage');
  });
});
