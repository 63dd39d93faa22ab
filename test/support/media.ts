/** The domain of media over a real database, a real blob store and the real processes, without workflows. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createMediaActivities } from '../../activities/media/index.ts';
import type { MakeVariantsOutput } from '../../contracts/media/schema.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { createFileBlobStore } from '../../services/blobs/filesystem.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import {
  createPictureMaker,
  type PictureMakerOptions,
  type PooledPictureMaker,
} from '../../services/media/pictures/maker.ts';
import { createMediaRecords } from '../../services/media/records.ts';
import { createVideoMaker, type PooledVideoMaker, type VideoMakerOptions } from '../../services/media/videos/maker.ts';
import { type ActivityRuns, activityRuns } from './activity-runs.ts';
import { testDatabase, type TestDatabase } from './servers/postgres.ts';

/** Limits that no picture of a test reaches by accident. */
export const PICTURE_LIMITS: PictureMakerOptions = {
  processes: 2,
  timeoutMs: 60_000,
  memoryMb: 1_024,
  maxPixels: 100_000_000,
  maxBytes: 50_000_000,
};

export const VIDEO_LIMITS: VideoMakerOptions = {
  processes: 1,
  timeoutMs: 60_000,
  memoryMb: 1_024,
  maxPixels: 10_000_000,
  maxBytes: 50_000_000,
  maxSeconds: 60,
};

export interface MediaTests {
  readonly test: TestDatabase;
  readonly blobs: BlobStore;
  readonly runs: ActivityRuns;
  readonly maker: PooledPictureMaker;
  /** Stores a picture and makes its variants. */
  make(picture: Buffer, wishes?: object, facts?: { tenant?: string; attempt?: number }): Promise<MakeVariantsOutput>;
  /** Activities whose processes have other limits. */
  limited(limits: Partial<PictureMakerOptions>): ActivityRuns;
  /** Activities over another maker of films. */
  filming(limits: Partial<VideoMakerOptions>): { readonly runs: ActivityRuns; readonly videos: PooledVideoMaker };
  bytesOf(ref: BlobRef): Promise<Buffer>;
}

/** Call it at the top of a test file; everything is closed by itself. */
export function mediaTests(): MediaTests {
  let test: TestDatabase | undefined;
  let folder = '';
  const makers: PooledPictureMaker[] = [];
  const open = <T>(value: T | undefined): T => {
    if (value === undefined) throw new TypeError('expected a world, the tests have not begun');
    return value;
  };
  let blobs: BlobStore | undefined;
  const closing: (() => Promise<void>)[] = [];
  const newVideos = (limits: Partial<VideoMakerOptions>): PooledVideoMaker => {
    const videos = createVideoMaker({ ...VIDEO_LIMITS, ...limits });
    closing.push(() => videos.close());
    return videos;
  };
  const runsOf = (pictures: PooledPictureMaker, videos = newVideos({})): ActivityRuns =>
    activityRuns((shell) =>
      createMediaActivities(
        { pictures, videos, records: createMediaRecords(open(test).db), blobs: open(blobs) },
        shell,
      ),
    );
  let maker: PooledPictureMaker | undefined;
  let runs: ActivityRuns | undefined;
  const newMaker = (limits: Partial<PictureMakerOptions>): PooledPictureMaker => {
    const made = createPictureMaker({ ...PICTURE_LIMITS, ...limits });
    makers.push(made);
    return made;
  };
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'perennial-test-media-'));
    blobs = createFileBlobStore({ root: folder });
    test = await testDatabase();
    maker = newMaker({});
    runs = runsOf(maker);
  });
  afterEach(async () => {
    for (const one of makers.splice(1)) await one.close();
    for (const close of closing.splice(0)) await close();
    await open(test).db.query('truncate media cascade');
  });
  afterAll(async () => {
    for (const one of makers) await one.close();
    await test?.drop();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get test() {
      return open(test);
    },
    get blobs() {
      return open(blobs);
    },
    get runs() {
      return open(runs);
    },
    get maker() {
      return open(maker);
    },
    make: async (picture, wishes = {}, { tenant, attempt = 1 } = {}) => {
      const source = await open(blobs).put('media', picture);
      const input = { mediaKey: 'photo-1', source, ...wishes };
      // What its schema says.
      return (await open(runs).run('media.makeVariants', input, attempt, undefined, { tenant })) as MakeVariantsOutput;
    },
    limited: (limits) => runsOf(newMaker(limits)),
    filming: (limits) => {
      const videos = newVideos(limits);
      return { runs: runsOf(open(maker), videos), videos };
    },
    bytesOf: async (ref) => {
      const parts: Buffer[] = [];
      for await (const part of await open(blobs).open(ref)) parts.push(part as Buffer); // a stream of a blob gives bytes
      return Buffer.concat(parts);
    },
  };
}
