import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MediaFile, ProcessVideoInput, ProcessVideoOutput } from '../../contracts/media/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { MediaPorts } from './ports.ts';

/** Makes a poster and an MP4 of a film. Each is noted as soon as it is stored, so that another attempt makes what is missing. */
export async function processVideo(
  { videos, records, blobs }: MediaPorts,
  { mediaKey, source }: ProcessVideoInput,
  context: TaskContext,
): Promise<ProcessVideoOutput> {
  const { signal } = context;
  const name = { tenant: context.tenant, key: mediaKey };
  const local = await blobs.localFile(source);
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-video-'));
  try {
    const facts = await videos.look(local.path, signal);
    const content = createHash('sha256').update(`video\n${source.sha256}`).digest('hex');
    const known = await records.begin(name, content, source);
    const files: MediaFile[] = [];
    for (const { kind, file, mediaType } of KINDS) {
      let made = known.find((one) => one.name === file);
      if (made === undefined) {
        const target = path.join(folder, file);
        const size = await videos[kind](local.path, target, facts, signal);
        const stored = await blobs.put('media', createReadStream(target));
        made = await records.add(name, { name: file, mediaType, file: stored, ...size });
      }
      files.push(made);
      context.progress({ made: files.length });
    }
    return { status: 'made', media_key: mediaKey, ...facts, files };
  } finally {
    await rm(folder, { recursive: true, force: true });
    await local.release();
  }
}

/** The files of a film, the quick one first. */
const KINDS = [
  { kind: 'poster', file: 'poster.jpeg', mediaType: 'image/jpeg' },
  { kind: 'transcode', file: 'video.mp4', mediaType: 'video/mp4' },
] as const;
