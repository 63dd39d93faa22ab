/** Looks at films and makes files of them, with ffprobe and ffmpeg. */
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { PerennialError } from '../../../contracts/failures.ts';
import type { PictureFacts, VideoFacts } from '../port.ts';
import type { VideoSettings } from './messages.ts';
import { run } from './run.ts';

/**
 * What every program is told of its input: a file of these forms and nothing else. Playlists, which name other files and
 * addresses, are none of them.
 */
const FORMS = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg';
const INPUT = ['-protocol_whitelist', 'file', '-format_whitelist', FORMS] as const;

/** Longest side of a film for the web, and of a poster, in pixels. */
const VIDEO_SIDE = 1_280;

/** What a film may lack at its end, in seconds: containers round, and sound may be longer than the pictures. */
const TOLERANCE_S = 1;

const numberSchema = z.coerce.number().positive();
const probeSchema = z.object({
  streams: z
    .array(
      z.object({
        width: z.int().positive(),
        height: z.int().positive(),
        side_data_list: z.array(z.looseObject({ rotation: z.number().optional() })).optional(),
      }),
    )
    .min(1),
  format: z.object({ duration: numberSchema }),
});

type Probed = z.infer<typeof probeSchema>['streams'][number];

/** A process's own ways to run the programs. */
export interface FilmTools {
  readonly settings: VideoSettings;
  readonly onProcess: (pid: number) => void;
}

/** Looks at a film. @throws PerennialError `EmptyFile`, `UnsupportedVideo`, `VideoTooLarge` */
export async function look(tools: FilmTools, path: string): Promise<VideoFacts> {
  const { maxBytes, maxPixels, maxSeconds } = tools.settings;
  const { size } = await stat(path);
  if (size === 0) throw new PerennialError('EmptyFile', 'Expected a film, but the file has no bytes. Supply it again.');
  if (size > maxBytes) throw tooLarge(`${String(maxBytes)} bytes`, String(size), 'MEDIA_MAX_MB');
  const facts = await probe(tools, path);
  if (facts === undefined)
    throw new PerennialError(
      'UnsupportedVideo',
      'Expected a film as MP4, WebM, Matroska, AVI or MPEG with pictures and a length, but the content is none or its beginning is damaged. Convert the film.',
    );
  const { width, height, seconds } = facts;
  if (width * height > maxPixels)
    throw tooLarge(`${String(maxPixels)} pixels`, `${String(width)} x ${String(height)}`, 'MEDIA_MAX_PIXELS');
  if (seconds > maxSeconds)
    throw tooLarge(`${String(maxSeconds)} s`, `${seconds.toFixed(0)} s`, 'MEDIA_VIDEO_MAX_SECONDS');
  return facts;
}

async function probe({ settings, onProcess }: FilmTools, path: string): Promise<VideoFacts | undefined> {
  const shown = 'stream=width,height:stream_side_data=rotation:format=duration';
  const args = ['-v', 'error', ...INPUT, '-select_streams', 'v:0', '-show_entries', shown, '-of', 'json', path];
  const { code, output } = await run(settings.ffprobe, args, onProcess);
  const parsed = probeSchema.safeParse(code === 0 ? JSON.parse(output) : undefined);
  if (!parsed.success) return undefined;
  const { streams, format } = parsed.data;
  const [stream] = streams;
  return stream && { ...uprightOf(stream), seconds: format.duration };
}

/** The size of a film as it is looked at: a phone that was held upright notes a turn. */
function uprightOf({ width, height, side_data_list: notes = [] }: Probed): PictureFacts {
  const rotation = notes.find((one) => one.rotation !== undefined)?.rotation ?? 0;
  return rotation % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** Both sides even, as the coder wants them, and no more than the longest. */
const SCALE = `scale='min(${String(VIDEO_SIDE)},iw)':'min(${String(VIDEO_SIDE)},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`;

/** Writes the frame at a tenth of the film as JPEG. @throws PerennialError `DamagedVideo` */
export async function poster(tools: FilmTools, path: string, target: string, facts: VideoFacts): Promise<PictureFacts> {
  const at = (facts.seconds / 10).toFixed(3);
  return write(
    tools,
    ['-ss', at, ...INPUT, '-i', path, '-frames:v', '1', '-vf', SCALE, '-q:v', '3', '-f', 'image2'],
    target,
  );
}

/** Writes a film as MP4 that begins to play before it is loaded. @throws PerennialError `DamagedVideo` */
export async function transcode(
  tools: FilmTools,
  path: string,
  target: string,
  facts: VideoFacts,
): Promise<PictureFacts> {
  const pictures = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-maxrate', '4M', '-bufsize', '8M'];
  const rest = ['-vf', SCALE, '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '128k', '-map_metadata', '-1'];
  const streams = ['-map', '0:v:0', '-map', '0:a:0?', '-movflags', '+faststart', '-f', 'mp4'];
  const made = await write(tools, [...INPUT, '-i', path, ...pictures, ...rest, ...streams], target);
  // A film that is cut off plays to where it ends, and the program says nothing.
  if ((made.seconds ?? 0) < facts.seconds - TOLERANCE_S)
    throw damaged(`it ends after ${(made.seconds ?? 0).toFixed(1)} of ${facts.seconds.toFixed(1)} s`);
  return { width: made.width, height: made.height };
}

async function write(
  tools: FilmTools,
  args: readonly string[],
  target: string,
): Promise<PictureFacts & { readonly seconds?: number }> {
  const { settings, onProcess } = tools;
  const { code } = await run(
    settings.ffmpeg,
    ['-v', 'error', '-nostdin', '-threads', '1', ...args, '-y', target],
    onProcess,
  );
  if (code !== 0) throw damaged('its pictures cannot be decoded');
  const made = target.endsWith('.mp4') ? await probe(tools, target) : await sizeOfPicture(tools, target);
  if (made === undefined) throw damaged('it has no picture there');
  return made;
}

async function sizeOfPicture({ settings, onProcess }: FilmTools, path: string): Promise<PictureFacts | undefined> {
  const args = ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', path];
  const { code, output } = await run(settings.ffprobe, args, onProcess);
  const [width = NaN, height = NaN] = output.trim().split(',').map(Number);
  return code === 0 && width > 0 && height > 0 ? { width, height } : undefined;
}

function tooLarge(expected: string, found: string, variable: string): PerennialError {
  return new PerennialError(
    'VideoTooLarge',
    `Expected at most ${expected}, but the film has ${found}. Shorten or shrink it, or raise ${variable}.`,
  );
}

function damaged(what: string): PerennialError {
  return new PerennialError(
    'DamagedVideo',
    `Expected a film that can be decoded to its end, but ${what}. Supply an undamaged copy.`,
  );
}
