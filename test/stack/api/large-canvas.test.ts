/**
 * The largest canvas on its way through the API to the server, with the real client: the event loop never stands still. As
 * the API has it, this process holds nothing else: collecting what other tests leave would count as time of the loop.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import proto from '@temporalio/proto';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canvasInput } from '../../../client/canvas/input.ts';
import { connectPerennial, type PerennialClient } from '../../../client/index.ts';
import { PAYLOADS_FOLDER } from '../../../contracts/canvas/vocabulary.ts';
import { atOnce } from '../../../contracts/values/turns.ts';
import { payloadConverter } from '../../../payloads/converter.ts';
import { createFileBlobStore } from '../../../services/blobs/filesystem.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';
import { testApi } from '../../support/fakes/api.ts';
import { openNamespace, TEST_SEAL_KEYS } from '../../support/servers/temporal.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-large-canvas-'));
const blobs = createFileBlobStore({ root: folder });
const { Payload } = proto.temporal.api.common.v1;
let temporal: Awaited<ReturnType<typeof openNamespace>>;
let client: PerennialClient;
beforeAll(async () => {
  temporal = await openNamespace();
  // A busy server may take longer to store it than a client waits by default.
  client = await connectPerennial({ ...temporal.endpoint, blobs, deadlineMs: 60_000 });
});
afterAll(async () => {
  await client.close();
  await temporal.release();
  rmSync(folder, { recursive: true });
});

const CALLS = 100_000;
/** A group of as many calls as a canvas may have, one of which is given an address. */
const group = (kwargs: (index: number) => object): object => ({
  task: 'celery.group',
  kwargs: {
    tasks: Array.from({ length: CALLS }, (_, index) => ({
      task: 'samples.countItems',
      args: [],
      kwargs: kwargs(index),
      options: {},
      immutable: false,
    })),
  },
  subtask_type: 'group',
});
const ADDRESS = 'ann@example.com';
const at = (index: number, value: unknown): unknown => (index === CALLS - 10 ? ADDRESS : value);

/** What the run of the only canvas in the store was given, as a worker with the keys reads it. */
async function given(): Promise<{ readonly canvas: { readonly task: string } }> {
  const payloads = [];
  for await (const { ref } of blobs.list(PAYLOADS_FOLDER)) payloads.push(ref);
  expect(payloads).toHaveLength(1);
  const [ref] = payloads;
  const payload = Payload.decode(await buffer(await blobs.open(ref!)));
  expect(Buffer.from(payload.data).includes(ADDRESS)).toBe(false);
  const [codec] = payloadConverter({ side: 'worker', sealKeys: TEST_SEAL_KEYS }).payloadCodecs ?? [];
  const [plain] = (await codec?.decode([payload])) ?? [];
  await blobs.removeAll(PAYLOADS_FOLDER);
  return JSON.parse(Buffer.from(plain?.data ?? []).toString()) as { canvas: { task: string } };
}

describe('a canvas of 100,000 calls with an address, posted to the API', () => {
  it.each([
    ['of 12 MB', 12, group((index) => ({ data: at(index, 12_345), more: 'more of it, some 20 ü' }))],
    ['with 20 values in each call', 13, group((index) => ({ data: at(index, Array(20).fill(7)) }))],
    ['with a text for each call', 27.5, group((index) => ({ data: at(index, 'some words of text, ü '.repeat(8)) }))],
  ])('%s', { timeout: 200_000 }, async (_name, megabytes, canvas) => {
    const body = Buffer.from(JSON.stringify({ canvas }));
    expect(body.length).toBeGreaterThan(megabytes * 1e6);
    const { app } = testApi({}, { canvas: client.canvas });
    const { value, longestMs } = await watched(async () =>
      request(app)
        .post('/v1/canvas')
        .set('content-type', 'application/json')
        .serialize((raw: Buffer) => raw as unknown as string) // sent as it is
        .send(body),
    );
    expect(value.status).toBe(202);
    const { canvas: stored } = await given();
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
    const sent = atOnce(canvasInput(canvas, {}, { externalOnly: true })).canvas;
    expect(JSON.stringify(stored) === JSON.stringify(sent)).toBe(true);
  });
});
