/** Variants of pictures through the real activity, processes, database and blob store. */
import { deflateSync, crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { MakeVariantsOutput } from '../../../contracts/media/schema.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';
import { mediaTests } from '../../support/media.ts';

const tests = mediaTests();

const RED = { r: 200, g: 50, b: 50 };
const plain = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: RED }, limitInputPixels: false });
/** Pixels that no coder makes small. */
const noise = (width: number, height: number): Sharp =>
  sharp({
    create: { width, height, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  });

/** The left half red, the right half blue. */
async function halves(width: number, height: number): Promise<Sharp> {
  const blue = await sharp({ create: { width: width / 2, height, channels: 3, background: '#0000ff' } })
    .png()
    .toBuffer();
  return sharp(
    await plain(width, height)
      .composite([{ input: blue, left: width / 2, top: 0 }])
      .png()
      .toBuffer(),
  );
}

async function pixelAt(bytes: Buffer, left: number, top: number): Promise<readonly number[]> {
  const raw = await sharp(bytes).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer();
  return [...raw];
}

async function fileOf({ files }: MakeVariantsOutput, name: string): Promise<Buffer> {
  const found = files.find((file) => file.name === name);
  if (found === undefined) throw new TypeError(`expected a file ${name}`);
  return tests.bytesOf(found.file);
}

const near = (got: readonly number[], wanted: readonly number[], by = 8): void => {
  wanted.forEach((value, at) => expect(Math.abs((got[at] ?? NaN) - value)).toBeLessThanOrEqual(by));
};

/** A PNG that says it has a size, and holds next to nothing. */
function bomb(width: number, height: number): Buffer {
  const chunk = (kind: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(Math.ceil(width / 8) * 100))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('media.makeVariants', () => {
  it('MEDIA-1 makes thumbnail, web and original in WebP, AVIF and JPEG, the event loop free', async () => {
    const picture = await noise(200, 100).resize(1_800, 900).jpeg().toBuffer();
    const { value: made, longestMs } = await watched(() => tests.make(picture));
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
    expect(made).toMatchObject({ status: 'made', media_key: 'photo-1', width: 1_800, height: 900 });
    expect(made.files.map(({ name, mediaType, width, height }) => [name, mediaType, width, height])).toEqual([
      ['thumbnail.webp', 'image/webp', 256, 128],
      ['thumbnail.avif', 'image/avif', 256, 128],
      ['thumbnail.jpeg', 'image/jpeg', 256, 128],
      ['web.webp', 'image/webp', 1_600, 800],
      ['web.avif', 'image/avif', 1_600, 800],
      ['web.jpeg', 'image/jpeg', 1_600, 800],
      ['original.webp', 'image/webp', 1_800, 900],
      ['original.avif', 'image/avif', 1_800, 900],
      ['original.jpeg', 'image/jpeg', 1_800, 900],
    ]);
    const formats = await Promise.all(
      made.files.map(async ({ file }) => (await sharp(await tests.bytesOf(file)).metadata()).format),
    );
    expect(formats).toEqual(Array.from({ length: 3 }, () => ['webp', 'heif', 'jpeg']).flat());
  });

  it('MEDIA-1 turns as the camera noted, converts to sRGB, and strips where it was taken', async () => {
    const picture = await (
      await halves(400, 200)
    )
      .withIccProfile('p3')
      .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95 })
      .toBuffer();
    const before = await sharp(picture).metadata();
    expect([before.orientation, before.icc !== undefined, before.exif !== undefined]).toEqual([6, true, true]);
    const made = await tests.make(picture);
    expect([made.width, made.height]).toEqual([200, 400]);
    for (const name of ['web.webp', 'web.avif', 'web.jpeg']) {
      const bytes = await fileOf(made, name);
      const { orientation = 1, exif, xmp, icc } = await sharp(bytes).metadata();
      expect([orientation, exif, xmp, icc]).toEqual([1, undefined, undefined, undefined]);
      near(await pixelAt(bytes, 100, 60), [200, 50, 50], 10);
      near(await pixelAt(bytes, 100, 340), [0, 0, 255], 14);
    }
  });

  it('MEDIA-1 keeps metadata where that is asked for, but not the turn, which is done', async () => {
    const picture = await (
      await halves(400, 200)
    )
      .withIccProfile('p3')
      .withExif({ IFD0: { Make: 'Camera' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const made = await tests.make(picture, { metadata: 'keep', variants: ['web'] });
    for (const name of ['web.webp', 'web.avif', 'web.jpeg']) {
      const bytes = await fileOf(made, name);
      const { orientation = 1, exif, icc, width, height } = await sharp(bytes).metadata();
      expect([orientation, width, height, exif?.includes('Camera'), icc?.includes('s\0R\0G\0B')]).toEqual([
        1,
        200,
        400,
        true,
        true,
      ]);
    }
  });

  it('puts a picture with transparency on white where the form has none, and enlarges nothing', async () => {
    const clear = { create: { width: 40, height: 30, channels: 4, background: { ...RED, alpha: 0 } } } as const;
    const made = await tests.make(await sharp(clear).png().toBuffer(), { variants: ['thumbnail'] });
    expect(made.files.map(({ width, height }) => [width, height])).toEqual([
      [40, 30],
      [40, 30],
      [40, 30],
    ]);
    near(await pixelAt(await fileOf(made, 'thumbnail.jpeg'), 5, 5), [255, 255, 255]);
    expect((await sharp(await fileOf(made, 'thumbnail.webp')).metadata()).hasAlpha).toBe(true);
  });
});

describe('a key', () => {
  const rows = async (): Promise<readonly object[]> =>
    (await tests.test.db.query('select tenant, media_key, name from media_files order by 1, 2, 3')).rows;
  const one = { variants: ['thumbnail'], formats: ['jpeg'] };

  it('IDEM-2 gives the same files whatever is repeated, also when two attempts run at once', async () => {
    const picture = await noise(300, 300).jpeg().toBuffer();
    const [a, b] = await Promise.all([tests.make(picture, one), tests.make(picture, one)]);
    expect(b).toEqual(a);
    expect(await tests.make(picture, one, { attempt: 2 })).toEqual(a);
    expect(await rows()).toHaveLength(1);
    await expect(tests.make(picture, { ...one, formats: ['webp'] })).rejects.toMatchObject({ type: 'MediaKeyReused' });
    await expect(tests.make(await noise(9, 9).png().toBuffer(), one)).rejects.toMatchObject({ type: 'MediaKeyReused' });
  });

  it('belongs to its tenant: others have the same key for another picture', async () => {
    const [ours, theirs] = await Promise.all([noise(40, 40).jpeg().toBuffer(), plain(30, 30).jpeg().toBuffer()]);
    const a = await tests.make(ours, one, { tenant: 'acme' });
    const b = await tests.make(theirs, one, { tenant: 'umbrella' });
    const c = await tests.make(theirs, one);
    expect([a.width, b.width, c.width]).toEqual([40, 30, 30]);
    expect(await rows()).toMatchObject([{ tenant: '' }, { tenant: 'acme' }, { tenant: 'umbrella' }]);
  });

  it('IDEM-2 makes only what is missing when a process was killed in the middle', async () => {
    const picture = await noise(1_400, 1_400).jpeg().toBuffer();
    const formats = { formats: ['jpeg', 'webp'] };
    const made = tests.make(picture, formats);
    const crash = made.then(
      () => 'made',
      (error: unknown) => error,
    );
    await expect.poll(async () => (await rows()).length).toBeGreaterThanOrEqual(2);
    for (const pid of tests.maker.pids()) process.kill(pid, 'SIGKILL');
    expect(await crash).toMatchObject({ type: 'PictureProcessCrashed' });
    const before = await tests.test.db.query('select name, made_at from media_files order by made_at');
    const again = await tests.make(picture, formats, { attempt: 2 });
    expect(again.files).toHaveLength(6);
    const after = await tests.test.db.query('select name, made_at from media_files order by made_at');
    expect(after.rows).toHaveLength(6);
    expect(after.rows.slice(0, before.rows.length)).toEqual(before.rows);
  });
});

describe('bad pictures', () => {
  const refused = (picture: Buffer): Promise<unknown> =>
    tests.make(picture).then(
      () => 'made',
      (error: unknown) => (error instanceof Error && 'type' in error ? error.type : error),
    );

  it('are refused by what is wrong with them, before anything is decoded, and spend no key', async () => {
    const jpeg = await noise(400, 400).jpeg().toBuffer();
    const webp = await noise(400, 400).webp().toBuffer();
    const avif = await noise(64, 64).avif().toBuffer();
    const frames = await sharp([await plain(20, 20).png().toBuffer(), await noise(20, 20).png().toBuffer()], {
      join: { animated: true },
    })
      .gif()
      .toBuffer();
    expect(await refused(Buffer.alloc(0))).toBe('EmptyFile');
    expect(await refused(Buffer.from('%PDF-1.7\n'))).toBe('UnsupportedPicture');
    expect(await refused(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe('UnsupportedPicture');
    expect(await refused(jpeg.subarray(0, jpeg.length / 2))).toBe('DamagedPicture');
    expect(await refused(webp.subarray(0, webp.length - 9))).toBe('DamagedPicture');
    expect(await refused(avif.subarray(0, avif.length - 99))).toBe('DamagedPicture');
    expect(await refused(Buffer.concat([jpeg.subarray(0, 200), Buffer.from([0xff, 0xd9])]))).toBe('DamagedPicture');
    expect(await refused(bomb(60_000, 60_000))).toBe('PictureTooLarge');
    expect(await refused(bomb(60_000, 10))).toBe('PictureTooLarge');
    expect(await refused(frames)).toBe('AnimatedPicture');
    expect((await tests.make(frames, { animation: 'first-frame', variants: ['web'] })).files).toHaveLength(3);
    expect((await tests.test.db.query('select * from media where media_key <> $1', ['photo-1'])).rows).toEqual([]);
  });

  it('end the process that makes them at the limit of memory and of time, and as poison', async () => {
    const source = await tests.blobs.put('media', await plain(6_000, 6_000).png().toBuffer());
    const small = tests.limited({ memoryMb: 100 });
    const input = { mediaKey: 'large', source, variants: ['original'], formats: ['webp'] };
    await expect(small.run('media.makeVariants', input)).rejects.toMatchObject({ type: 'PictureMemoryLimit' });
    const quick = tests.limited({ timeoutMs: 150 });
    await expect(quick.run('media.makeVariants', input)).rejects.toMatchObject({ type: 'PictureTimeLimit' });
  });

  it('end with their process when the task is aborted', async () => {
    const source = await tests.blobs.put('media', await noise(1_600, 1_600).jpeg().toBuffer());
    const stop = new AbortController();
    const input = { mediaKey: 'aborted', source, variants: ['original'], formats: ['avif'] };
    const ended = tests.runs.run('media.makeVariants', input, 1, undefined, { signal: stop.signal }).then(
      () => 'made',
      () => 'ended',
    );
    await expect.poll(() => tests.maker.pids().length).toBeGreaterThan(0);
    const before = tests.maker.pids();
    setTimeout(() => stop.abort(), 300);
    expect(await ended).toBe('ended');
    await expect.poll(() => before.every((pid) => tests.maker.pids().includes(pid))).toBe(false);
  });
});
