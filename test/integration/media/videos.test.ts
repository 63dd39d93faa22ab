/** Films through the real activity and the real programs of ffmpeg, where they are installed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessVideoOutput } from '../../../contracts/media/schema.ts';
import { findProgram } from '../../../services/processes/programs.ts';
import { mediaTests } from '../../support/media.ts';

const TASK = 'media.processVideo';
const tests = mediaTests();
const program = findProgram('ffmpeg') ?? '';
const isInstalled = program !== '' && findProgram('ffprobe') !== undefined;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-test-films-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A film of a test picture and a tone. */
function film(name: string, seconds: number, ...more: readonly string[]): Buffer {
  const file = path.join(folder, name);
  const picture = ['-f', 'lavfi', '-i', `testsrc=duration=${String(seconds)}:size=320x180:rate=10`];
  const tone = ['-f', 'lavfi', '-i', `sine=duration=${String(seconds)}`];
  execFileSync(program, ['-v', 'error', ...picture, ...tone, '-shortest', ...more, '-y', file]);
  return readFileSync(file);
}

async function input(bytes: Buffer, mediaKey = 'film'): Promise<object> {
  return { mediaKey, source: await tests.blobs.put('media', bytes) };
}

const refusal = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'made',
    (error: unknown) => (error instanceof Error && 'type' in error ? error.type : error),
  );

it('MEDIA-2 says what to install where the programs are missing', async () => {
  const { runs } = tests.filming({ path: folder });
  const run = runs.run(TASK, await input(Buffer.from('a film')));
  await expect(run).rejects.toMatchObject({
    type: 'VideoToolMissing',
    message: expect.stringContaining('apt-get') as string,
  });
});

describe.skipIf(!isInstalled)('films, where ffmpeg is installed (apt-get install ffmpeg)', () => {
  it('MEDIA-2 get a poster and an MP4 without metadata, each once', async () => {
    const { runs } = tests.filming({});
    const asked = await input(
      film('a.webm', 2, '-metadata', 'title=secret', '-c:v', 'libvpx', '-deadline', 'realtime'),
    );
    const made = (await runs.run(TASK, asked)) as ProcessVideoOutput; // what its schema says
    expect(made).toMatchObject({ status: 'made', media_key: 'film', width: 320, height: 180 });
    expect(made.seconds).toBeCloseTo(2, 0);
    expect(made.files.map(({ name, width, height }) => [name, width, height])).toEqual([
      ['poster.jpeg', 320, 180],
      ['video.mp4', 320, 180],
    ]);
    const [posterBytes, video] = await Promise.all(made.files.map(({ file }) => tests.bytesOf(file)));
    expect((await sharp(posterBytes).metadata()).format).toBe('jpeg');
    expect(video?.subarray(4, 8).toString()).toBe('ftyp');
    expect(video?.includes('secret')).toBe(false);
    // What tells the player where everything is stands before the pictures.
    expect(video?.indexOf('moov')).toBeLessThan(video?.indexOf('mdat') ?? 0);
    expect(await runs.run(TASK, asked, 2)).toEqual(made);
    const { rows } = await tests.test.db.query('select name from media_files');
    expect(rows).toHaveLength(2);
  });

  it('MEDIA-2 are refused by what is wrong with them', async () => {
    const { runs } = tests.filming({ maxSeconds: 4 });
    const good = film('b.mp4', 3, '-movflags', '+faststart', '-c:v', 'libx264', '-preset', 'ultrafast');
    const late = film('c.mp4', 1);
    const playlist = path.join(folder, 'other.ts');
    writeFileSync(playlist, 'x');
    const list = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${playlist}\n#EXT-X-ENDLIST\n`;
    const run = async (bytes: Buffer) => refusal(runs.run(TASK, await input(bytes)));
    expect(await run(Buffer.alloc(0))).toBe('EmptyFile');
    expect(await run(Buffer.from('no film'))).toBe('UnsupportedVideo');
    expect(await run(Buffer.from(list))).toBe('UnsupportedVideo');
    // Its end has what tells where everything is.
    expect(await run(late.subarray(0, late.length / 2))).toBe('UnsupportedVideo');
    expect(await run(film('long.mp4', 5))).toBe('VideoTooLarge');
    expect(await refusal(tests.filming({ maxPixels: 1_000 }).runs.run(TASK, await input(late)))).toBe('VideoTooLarge');
    expect(await run(good.subarray(0, good.length / 2))).toBe('DamagedVideo');
  });

  it('MEDIA-2 end with their program at the limit of time, and when the task is aborted', async () => {
    const long = await input(film('d.mp4', 40, '-preset', 'ultrafast'));
    expect(await refusal(tests.filming({ timeoutMs: 300 }).runs.run(TASK, long))).toBe('VideoLimit');
    const { runs, videos } = tests.filming({});
    const stop = new AbortController();
    const ended = refusal(runs.run(TASK, { ...long, mediaKey: 'stopped' }, 1, undefined, { signal: stop.signal }));
    await expect
      .poll(async () => (await tests.test.db.query(`select from media_files where media_key = 'stopped'`)).rowCount)
      .toBe(1);
    const [pid = 0] = videos.pids();
    expect(programsOf(pid)).toMatch(/ffmpeg/);
    stop.abort();
    expect(await ended).not.toBe('made');
    await expect.poll(() => programsOf(pid)).toBe('');
  });
});

/** Names of the programs in the group of a process. */
function programsOf(group: number): string {
  try {
    return execFileSync('ps', ['-o', 'comm=', '-s', String(group)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
