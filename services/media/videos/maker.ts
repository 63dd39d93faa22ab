/** The maker of films: a pool of processes with limits, whose helpers are the programs of ffmpeg. */
import { PerennialError } from '../../../contracts/failures.ts';
import { moduleBeside } from '../../../contracts/values/modules.ts';
import { Pool } from '../../processes/pool.ts';
import { describeEnd, type RunnerEnd } from '../../processes/port.ts';
import { findProgram } from '../../processes/programs.ts';
import type { VideoMaker } from '../port.ts';
import type { VideoResults, VideoSettings, VideoTask } from './messages.ts';

/** Settings of {@link createVideoMaker}. */
export interface VideoMakerOptions extends Pick<VideoSettings, 'maxBytes' | 'maxPixels' | 'maxSeconds'> {
  /** Programs that run at once. */
  readonly processes: number;
  /** Time limit of one file, in milliseconds. */
  readonly timeoutMs: number;
  /** Memory limit of one file, in megabytes. */
  readonly memoryMb: number;
  /** Folders in which the programs are looked for. @defaultValue those of PATH */
  readonly path?: string;
}

/** A maker with details for tests and diagnosis. */
export interface PooledVideoMaker extends VideoMaker {
  /** Ids of the processes that are alive. */
  pids(): readonly number[];
}

type VideoPool = Pool<VideoTask, VideoResults>;

/** Creates a maker; the programs are looked for with the first film. */
export function createVideoMaker(options: VideoMakerOptions): PooledVideoMaker {
  let opened: VideoPool | undefined;
  const run = async <K extends VideoTask['kind']>(
    task: Extract<VideoTask, { kind: K }>,
    signal: AbortSignal,
  ): Promise<VideoResults[K]> => (opened ??= openPool(options)).run<K>(task, signal);
  return {
    look: (path, signal) => run({ kind: 'look', path }, signal),
    poster: (path, target, facts, signal) => run({ kind: 'poster', path, target, facts }, signal),
    transcode: (path, target, facts, signal) => run({ kind: 'transcode', path, target, facts }, signal),
    pids: () => opened?.pids() ?? [],
    close: async () => opened?.close(),
  };
}

function openPool({ processes, timeoutMs, memoryMb, path, ...limits }: VideoMakerOptions): VideoPool {
  const settings: VideoSettings = { ...limits, ffmpeg: programOf('ffmpeg', path), ffprobe: programOf('ffprobe', path) };
  return new Pool<VideoTask, VideoResults>({
    runner: { kind: 'child', entry: moduleBeside(import.meta.url, './child'), settings },
    size: processes,
    limits: { timeMs: timeoutMs, memoryMb },
    failure: failureOf,
  });
}

function programOf(name: string, path: string | undefined): string {
  const found = findProgram(name, path);
  if (found !== undefined) return found;
  throw new PerennialError(
    'VideoToolMissing',
    `Expected the program ${name} in PATH, found none. Install ffmpeg, which brings ffprobe (Debian: apt-get install ffmpeg).`,
  );
}

function failureOf(end: RunnerEnd): PerennialError {
  if (end.kind === 'memory' || end.kind === 'time')
    return new PerennialError(
      'VideoLimit',
      `Expected a film within the limits, but ${describeEnd(end)}. ` +
        'Look at the film; raise MEDIA_VIDEO_TIMEOUT_MS or MEDIA_MEMORY_MB if it is legitimate.',
    );
  return new PerennialError(
    'PictureProcessCrashed',
    `Expected the process that makes films to answer, but ${describeEnd(end)}. It is retried; if it repeats, look at the film.`,
  );
}
