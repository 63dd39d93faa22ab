/** Failures of imports and downloads. */
import type { FailureRule } from '../failures/rule.ts';

export const importFailures = {
  ImportSchemaUnknown: {
    class: 'permanent',
    httpStatus: 400,
    cause: 'No import schema has this name.',
    remedy: 'Choose one of the schemas that the message lists.',
  },
  ImportColumns: {
    class: 'permanent',
    cause: 'The header of the file does not fit the schema: columns are missing, come twice or are too many.',
    remedy: 'Correct the header of the file, or choose another schema or delimiter.',
  },
  ImportUnreadable: {
    class: 'permanent',
    cause: 'The content is neither CSV nor a workbook that can be read.',
    remedy: 'Save it as CSV or XLSX, or name its encoding and format.',
  },
  ImportTooLarge: {
    class: 'permanent',
    httpStatus: 413,
    cause: 'The file, or one record of it, exceeds the limits of imports.',
    remedy: 'Split the file, close the quote that the message points at, or raise the limit that it names.',
  },
  ArchiveBomb: {
    class: 'poison',
    cause: 'A workbook unpacks to far more than it should.',
    remedy: 'Do not trust its sender. Save a genuine workbook as CSV.',
  },
  ImportOvertaken: {
    class: 'transient',
    cause: 'Another attempt at the same part of an import has saved in the meantime.',
    remedy: 'Retried by itself from where the other attempt stands; nothing is saved twice.',
  },
  ImportNotFound: {
    class: 'permanent',
    cause: 'No import with this id is known.',
    remedy: 'Check the id.',
  },
  AddressNotAllowed: {
    class: 'permanent',
    cause: 'The address leads into a private network, or is none that may be downloaded from.',
    remedy: 'Use a public address, or have its host added to IMPORT_ALLOWED_HOSTS.',
  },
  DownloadRefused: {
    class: 'permanent',
    cause: 'The server does not give the file: it is not there, not allowed, or sent in an unusable form.',
    remedy: 'Check the address in a browser.',
  },
  DownloadIncomplete: {
    class: 'transient',
    cause: 'The connection ended, or fell silent, before the file was complete.',
    remedy: 'Retried by itself, from where it stopped. Check the server if it lasts.',
  },
  ChecksumMismatch: {
    class: 'permanent',
    cause: 'The file is not the one that was expected.',
    remedy: 'Ask its owner for the right checksum, or download it again.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
