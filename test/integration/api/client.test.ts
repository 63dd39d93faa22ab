/** The client against a real server and real workflows; only the reading is scripted. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  connectPerennial,
  Ended,
  NotFound,
  Stopped,
  Unavailable,
  type PerennialClient,
} from '../../../client/index.ts';
import { scriptDocuments, scriptedId, type ScriptedDocument } from '../../support/scripted/documents.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';

let temporal: TestTemporal;
let client: PerennialClient;
let serial = 0;

beforeAll(async () => {
  temporal = await startTestTemporal();
  client = await connectPerennial({ ...temporal.endpoint, deadlineMs: 5_000 });
});
afterAll(async () => {
  await client.close();
  await temporal.stop();
});

const uniqueId = () => `t${(serial += 1)}`;
const ids = (count: number) => Array.from({ length: count }, (_, n) => scriptedId(n));
const documents = (count: number, each: ScriptedDocument = {}) => Array.from({ length: count }, () => each);

describe('a batch', () => {
  test('is started, followed to its end, and gives its summary; starting it again gives the same', async () => {
    const world = scriptDocuments([...documents(20, { takesMs: 100 }), { fails: { type: 'EncryptedDocument' } }]);
    const id = uniqueId();
    await temporal.withWorkers(world.activities, async () => {
      const batch = await client.documents.batchOcr({ documentIds: ids(21), window: 5 }, { id });
      const seen = [];
      for await (const progress of batch.follow({ intervalMs: 20 })) seen.push(progress);
      expect(seen.at(-1)).toMatchObject({ phase: 'finished', total: 21, completed: 20, failed: 1 });
      expect(seen.length).toBeGreaterThan(2);
      expect(await batch.result()).toMatchObject({ batchId: batch.id, saved: 20, failed: 1 });
      expect(await batch.status()).toBe('completed');

      const again = await client.documents.batchOcr({ documentIds: ids(21) }, { id });
      expect(await again.result()).toMatchObject({ saved: 20 });
      expect([...world.reads.values()].every((reads) => reads.length === 1)).toBe(true);
    });
  });

  test('can be paused, resumed, cancelled and resumed again', async () => {
    const world = scriptDocuments(documents(12, { takesMs: 250 }));
    await temporal.withWorkers(world.activities, async () => {
      const batch = await client.documents.batchOcr({ documentIds: ids(12), window: 2 }, { id: uniqueId() });
      await batch.pause();
      await expect.poll(async () => (await batch.progress()).inFlight).toBe(0);
      const held = await batch.progress();
      expect(held).toMatchObject({ paused: true });
      await client.documents.resumeBatch(batch.id);
      await expect.poll(async () => (await batch.progress()).completed).toBeGreaterThan(held.completed);

      await batch.cancel();
      const resumed = await client.documents.resumeBatch(batch.id);
      expect(resumed.id).toBe(batch.id);
      expect(await resumed.result()).toMatchObject({ saved: 12, pending: 0 });
    });
  });

  test('that is cancelled has no result, can still be asked, and cannot be told anything', async () => {
    const world = scriptDocuments(documents(6, { takesMs: 60_000 }));
    await temporal.withWorkers(world.activities, async () => {
      const batch = await client.documents.batchOcr({ documentIds: ids(6) }, { id: uniqueId() });
      await expect.poll(async () => (await batch.progress()).inFlight).toBe(6);
      await batch.cancel();
      await expect(batch.result()).rejects.toThrow(Stopped);
      expect(await batch.status()).toBe('cancelled');
      expect(await batch.progress()).toMatchObject({ phase: 'cancelled', completed: 0 });
      await expect(batch.pause()).rejects.toThrow(Ended);
      await batch.cancel();
    });
  });

  test('that nobody started is not found, whatever is asked of it', async () => {
    const batch = client.documents.getBatch('nobody');
    const collect = async () => {
      for await (const _ of batch.follow()) throw new Error('expected no progress');
    };
    for (const ask of [batch.status, batch.progress, batch.result, batch.cancel, batch.pause, batch.resume, collect]) {
      await expect(ask()).rejects.toThrow(NotFound);
    }
    await expect(client.documents.resumeBatch('nobody')).rejects.toThrow(NotFound);
  });
});

describe('single documents', () => {
  test('OCR-2: are read; calling again while they are read is the same job', async () => {
    const world = scriptDocuments([{ takesMs: 500 }]);
    await temporal.withWorkers(world.activities, async () => {
      const [first, second] = await Promise.all(
        [1, 2].map(() => client.documents.process(scriptedId(0), { backend: 'tesseract', forceOcr: true })),
      );
      expect(first?.id).toBe(second?.id);
      expect(await first?.result()).toEqual({ status: 'success', document_id: scriptedId(0), confidence: 0.9 });
      expect(world.reads.get(scriptedId(0))).toEqual([0]);
      expect(world.saves[0]?.options).toMatchObject({ backend: 'tesseract', forceOcr: true, preprocess: true });
    });
  });

  test('fail with type, class and message', async () => {
    const world = scriptDocuments([{ fails: { type: 'EncryptedDocument' } }, { fails: { type: 'DocumentNotRead' } }]);
    await temporal.withWorkers(world.activities, async () => {
      const job = await client.documents.process(scriptedId(0));
      await expect(job.result()).rejects.toMatchObject({
        name: 'PerennialError',
        type: 'EncryptedDocument',
        message: 'scripted EncryptedDocument',
      });
      expect(await job.status()).toBe('failed');
      const invoice = await client.documents.extractInvoice(scriptedId(1));
      await expect(invoice.result()).rejects.toMatchObject({ type: 'DocumentNotRead' });
    });
  });

  test('OCR-4: many are queued at once', async () => {
    const world = scriptDocuments(documents(30));
    await temporal.withWorkers(world.activities, async () => {
      const queued = await client.documents.processMany(ids(30), 'tesseract');
      expect(queued).toMatchObject({ status: 'queued', total_documents: 30 });
      await expect.poll(() => world.saves.length).toBeGreaterThanOrEqual(30);
    });
  });
});

describe('without workers', () => {
  test('jobs are accepted, their status is known, and their progress is not', async () => {
    const batch = await client.documents.batchOcr({ documentIds: ids(1) }, { id: uniqueId() });
    expect(await batch.status()).toBe('running');
    const impatient = await connectPerennial({ ...temporal.endpoint, deadlineMs: 1_500 });
    const asked = impatient.documents.getBatch(batch.id);
    await expect(asked.progress()).rejects.toThrow(Unavailable);
    await expect(asked.result({ timeoutMs: 300 })).rejects.toThrow(Unavailable);
    await batch.cancel();
    await impatient.close();
  });

  test('workers are counted while they poll', async () => {
    await temporal.withWorkers(scriptDocuments([]).activities, async () => {
      await expect.poll(() => client.countWorkers()).toBeGreaterThan(0);
    });
    await client.ping();
  });

  test('a server that is away is Unavailable within the deadline', async () => {
    const startedAt = Date.now();
    await expect(connectPerennial({ address: '127.0.0.1:1', deadlineMs: 500 })).rejects.toThrow(Unavailable);
    const lazy = await connectPerennial({ address: '127.0.0.1:1', deadlineMs: 500, lazy: true });
    await expect(lazy.ping()).rejects.toThrow(Unavailable);
    await expect(lazy.documents.batchOcr({ paths: ['/a'] })).rejects.toThrow(Unavailable);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    await lazy.close();
  });
});
