/** Failures of data. A file of somebody else is not told apart from one that is not there. */
import type { FailureRule } from '../failures/rule.ts';

export const dataFailures = {
  DataFileMissing: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'The user has no file with this id.',
    remedy: 'Correct the id of the file or of the user; a file of another user or tenant is never shown.',
  },
  DataFileTaken: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'The id of a file belongs to another file already.',
    remedy: 'Choose another id; the same file of the same user may be given again.',
  },
  DataFileUnread: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'A file was not read yet, or cannot be mended as it is.',
    remedy: 'Wait until its report is there; the message says what else stands in the way.',
  },
  DataFileChanged: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'Something else was mended in a file meanwhile, or stands on what is to be undone.',
    remedy: 'Look at the file again; undo what was mended later first.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
