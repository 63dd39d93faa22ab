/** Pictures through the whole product: the commands of docs/media.md, the API, and a worker that is killed among many. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectDir } from '../../config/project.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { examplesOf } from '../support/docs/page.ts';
import { expectShown, outputIn } from '../support/docs/shell.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';

const TASK = 'media.makeVariants';
const RESULT = { timeoutMs: 120_000 };

let world: TestStack;
let faults: Faults;

beforeAll(async () => {
  world = await startTestStack({
    components: ['temporal', 'postgres', 'worker', 'api'],
    workers: TWO_WORKERS,
    env: { OCR_PROCESSES: '1', MEDIA_PROCESSES: '1' },
  });
  faults = await createFaults(world);
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

const api = (address: string): string => `${world.stack.addresses.api ?? ''}${address}`;

it('MEDIA-1 the commands of docs/media.md make and fetch variants', async () => {
  const examples = examplesOf('docs/media.md');
  expect(examples).toHaveLength(2);
  const { api: url = '', temporal, database } = world.stack.addresses;
  const env = {
    TEMPORAL_ADDRESS: temporal,
    DATABASE_URL: database,
    BLOB_URL: world.blobUrl,
    API_HOST: new URL(url).hostname,
    API_PORT: new URL(url).port,
    SEAL_KEYS: world.sealKeys,
  };
  const written = path.join(world.inbox, 'web.webp');
  for (const example of examples) {
    const code = example.code.replace('http://127.0.0.1:8080', url);
    const output = await outputIn(projectDir, code.replace('--file web.webp', `--file ${written}`), env);
    expectShown(
      'docs/media.md',
      { ...example, shown: example.shown.filter((line) => !line.startsWith('Wrote')) },
      output,
    );
  }
});

it('MEDIA-1 a picture of one tenant is not there for another, and a foreign name is refused', async () => {
  const form = new FormData();
  form.set('file', new Blob([await readFile(path.join(projectDir, 'samples/03-photo.jpg'))]), 'photo.jpg');
  const wishes = 'key=shared&tenant=acme&variants=thumbnail&formats=jpeg';
  const started = await fetch(api(`/v1/media?${wishes}`), { method: 'POST', body: form });
  expect([started.status, started.headers.get('location')]).toEqual([202, '/v1/media/shared?tenant=acme']);
  await world.client.media.get('shared', { tenant: 'acme' }).result(RESULT);
  const file = await fetch(api('/v1/media/shared/files/thumbnail.jpeg?tenant=acme'));
  expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect((await sharp(Buffer.from(await file.arrayBuffer())).metadata()).format).toBe('jpeg');
  for (const address of [
    '/v1/media/shared/files/thumbnail.jpeg?tenant=umbrella',
    '/v1/media/shared/files/thumbnail.jpeg',
    '/v1/media/shared?tenant=umbrella',
    '/v1/media/shared',
    '/v1/media/shared/files/web.jpeg?tenant=acme',
    '/v1/media/shared/files/..%2f..%2fetc?tenant=acme',
  ])
    expect([address, (await fetch(api(address))).status]).toEqual([address, 404]);
  const wrong = await fetch(api('/v1/media?formats=bmp'), { method: 'POST', body: form });
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('formats')]);
});

it('MEDIA-1 a failure of a picture is told with its class, and its key can be used again', async () => {
  const upload = async (bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const form = new FormData();
    form.set('file', new Blob([bytes]), 'x.jpg');
    const answer = await fetch(api('/v1/media?key=again&variants=thumbnail&formats=webp'), {
      method: 'POST',
      body: form,
    });
    expect(answer.status).toBe(202);
    await world.client.media
      .get('again')
      .result(RESULT)
      .catch(() => undefined);
  };
  await upload(new TextEncoder().encode('no picture'));
  const seen: unknown = await (await fetch(api('/v1/media/again'))).json();
  expect(seen).toMatchObject({
    status: 'failed',
    files: [],
    failure: { type: 'UnsupportedPicture', class: 'permanent' },
  });
  const photo = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#123456' } })
    .png()
    .toBuffer();
  await upload(new Uint8Array(photo));
  expect(await (await fetch(api('/v1/media/again'))).json()).toMatchObject({
    status: 'completed',
    files: [{ width: 30 }],
  });
});

it('MEDIA-1 IDEM-2 a worker that is killed in the middle of a batch of photographs leaves each variant once', async () => {
  const blobs = createBlobStore(world.blobUrl);
  const source = async (seed: number) => {
    const noise = { type: 'gaussian', mean: 80 + seed * 10, sigma: 50 } as const;
    const picture = sharp({ create: { width: 900, height: 600, channels: 3, background: '#000', noise } });
    return blobs.put('media', await picture.jpeg().toBuffer());
  };
  const keys = Array.from({ length: 12 }, (_, n) => `batch-${String(n)}`);
  const jobs = await Promise.all(
    keys.map(async (mediaKey, n) =>
      world.client.media.makeVariants({ mediaKey, source: await source(n), formats: ['webp', 'jpeg'] }),
    ),
  );
  const made = async () =>
    (
      await world.database.query<{ count: number }>(
        `select count(*)::int as count from media_files where media_key like 'batch-%'`,
      )
    ).rows[0]?.count ?? 0;
  await expect.poll(made, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(6);
  const running = (await Promise.all(jobs.map(({ id }) => faults.running(id, TASK)))).flat();
  const [victim] = running;
  expect(await made()).toBeLessThan(72);
  process.kill(victim!.pid, 'SIGKILL');
  for (const job of jobs) expect((await job.result(RESULT)).files).toHaveLength(6);
  expect(await made()).toBe(72);
  const attempts = (await Promise.all(jobs.map(({ id }) => faults.activities(id, TASK)))).flat();
  expect(attempts.filter(({ completed }) => completed)).toHaveLength(12);
  expect(Math.max(...attempts.map((one) => one.attempts))).toBeGreaterThan(1);
});
