/** Failures of media. */
import type { FailureRule } from '../failures/rule.ts';

export const mediaFailures = {
  MediaNotFound: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'The tenant has no medium with this key, or the medium has no file with this name.',
    remedy: 'Check key, tenant and name; a medium appears when its first file is made.',
  },
  MediaKeyReused: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'A media key was used again with another file or with other wishes.',
    remedy: 'Choose another key, or repeat the first request as it was.',
  },
  UnsupportedPicture: {
    class: 'permanent',
    httpStatus: 415,
    cause: 'The content is no picture in a form that can be read.',
    remedy: 'Convert it to JPEG, PNG, WebP, AVIF, TIFF or GIF.',
  },
  DamagedPicture: {
    class: 'permanent',
    cause: 'A picture is cut off or damaged.',
    remedy: 'Supply an undamaged copy.',
  },
  PictureTooLarge: {
    class: 'permanent',
    httpStatus: 413,
    cause: 'A picture has more bytes or pixels than are allowed, or a side that WebP and AVIF cannot hold.',
    remedy: 'Shrink it, or raise the limit that the message names.',
  },
  AnimatedPicture: {
    class: 'permanent',
    cause: 'A picture moves, and nobody has said what is to become of it.',
    remedy: 'Ask for its first frame (`animation: first-frame`), or send it as a film.',
  },
  PictureTimeLimit: {
    class: 'poison',
    cause: 'One variant of a picture took longer than allowed; the process that made it was killed.',
    remedy: 'Look at the picture; raise MEDIA_TIMEOUT_MS if it is legitimate.',
  },
  PictureMemoryLimit: {
    class: 'poison',
    cause: 'One variant of a picture took more memory than allowed; the process that made it was killed.',
    remedy: 'Look at the picture; raise MEDIA_MEMORY_MB if it is legitimate.',
  },
  VideoToolMissing: {
    class: 'configuration',
    cause: 'The programs that read and write films are not installed.',
    remedy: 'Install ffmpeg, which brings ffprobe, where the worker runs (Debian: apt-get install ffmpeg).',
  },
  UnsupportedVideo: {
    class: 'permanent',
    httpStatus: 415,
    cause: 'The content is no film in a form that can be read.',
    remedy: 'Convert it to MP4, WebM, Matroska, AVI or MPEG.',
  },
  DamagedVideo: {
    class: 'permanent',
    cause: 'A film is cut off or damaged.',
    remedy: 'Supply an undamaged copy.',
  },
  VideoTooLarge: {
    class: 'permanent',
    httpStatus: 413,
    cause: 'A film has more bytes, pixels or seconds than are allowed.',
    remedy: 'Shorten or shrink it, or raise the limit that the message names.',
  },
  VideoLimit: {
    class: 'poison',
    cause: 'A film took more time or memory than allowed; the process that wrote it was killed.',
    remedy: 'Look at the film; raise MEDIA_VIDEO_TIMEOUT_MS or MEDIA_MEMORY_MB if it is legitimate.',
  },
  PictureProcessCrashed: {
    class: 'transient',
    cause: 'The process that made a variant or a film died.',
    remedy: 'Retried by itself. If it repeats for one picture, look at that picture.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
