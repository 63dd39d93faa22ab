import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPerennial } from '../../client/index.ts';
import { createFileBlobStore } from '../../services/blobs/filesystem.ts';
import { call, compose, FIRST, group } from '../support/canvas/signatures.ts';
import { scriptCanvas } from '../support/scripted/canvas.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

const root = await mkdtemp(path.join(tmpdir(), 'perennial-test-payloads-'));
const blobs = createFileBlobStore({ root });
let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal({ blobs });
});
afterAll(async () => {
  await temporal.stop();
  await rm(root, { recursive: true, force: true });
});

/** A task whose first parameter takes any list. */
const BODY = 'operations.longRunningTask';

/** 60 members of 50 kB: more than a server takes in one message, in and out. */
const text = 'x'.repeat(50_000);
const members = Array.from({ length: 60 }, (_, n) => call(FIRST, { n, text }));
const results = members.map((_member, n) => ({ n, text, by: FIRST }));

describe('payloads by reference', () => {
  it('CANVAS-3 a body gets, and a caller reads, what no message could hold; histories stay small', async () => {
    const world = scriptCanvas();
    const client = await connectPerennial({ ...temporal.endpoint, blobs });
    try {
      await temporal.withWorkers(world.activities, async () => {
        const run = await client.canvas.run(compose('chord', { header: members, body: call(BODY), kwargs: {} }));
        expect(await run.result()).toEqual({ items: results, by: BODY });
        const { raw } = await temporal.client.workflow.getHandle(run.id).describe();
        expect(Number(raw.workflowExecutionInfo?.historySizeBytes)).toBeLessThan(200_000);
      });
    } finally {
      await client.close();
    }
  });

  it('a client without the store is told what it needs, before and after', async () => {
    const world = scriptCanvas();
    const bare = await connectPerennial(temporal.endpoint);
    try {
      await expect(bare.canvas.run(group(...members), { id: 'never' })).rejects.toThrow(
        'canvas: expected at most 1500000 characters without a blob store',
      );
      await expect(bare.canvas.get('never').status()).rejects.toThrow('never');
      await temporal.withWorkers(world.activities, async () => {
        const run = await bare.canvas.run(call(FIRST, { n: 1, text }));
        await expect(run.result()).rejects.toThrow('pass `blobs` to connectPerennial');
      });
    } finally {
      await bare.close();
    }
  });
});
