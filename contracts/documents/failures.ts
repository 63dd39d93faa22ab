/** Failures of the documents domain. */
import type { FailureRule } from '../failures/rule.ts';

export const documentFailures = {
  EmptyBatch: {
    class: 'permanent',
    httpStatus: 400,
    cause: 'A batch was started without a single document.',
    remedy: 'Name at least one document, file or folder that holds documents.',
  },
  DuplicateDocument: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'The same document was named more than once in one batch.',
    remedy: 'Nothing: the first mention was read. Remove the repetition to silence this.',
  },
  DocumentNotFound: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'No document with this id exists.',
    remedy: 'Check the id, or upload the document first.',
  },
  DocumentNotRead: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'The document has no recognised text yet.',
    remedy: 'Run processDocumentOcr on it first.',
  },
  UnsupportedMedia: {
    class: 'permanent',
    httpStatus: 415,
    cause: 'The content is not an image or PDF that can be read.',
    remedy: 'Convert it to PDF, TIFF, PNG, JPEG, WebP, GIF, BMP, AVIF or HEIC.',
  },
  DecoderMissing: {
    class: 'configuration',
    cause: 'The package that decodes HEIC pictures is not installed.',
    remedy: 'Install libheif-js where the worker runs, or convert the picture to JPEG or PNG.',
  },
  CorruptDocument: {
    class: 'permanent',
    cause: 'The file is damaged or truncated, or has no pages.',
    remedy: 'Supply an undamaged copy.',
  },
  EncryptedDocument: {
    class: 'permanent',
    cause: 'The PDF is protected by a password.',
    remedy: 'Supply a copy without a password.',
  },
  DocumentTooLarge: {
    class: 'permanent',
    httpStatus: 413,
    cause: 'The file, its text, its page count or the pixels of a page exceed the limits.',
    remedy: 'Split or shrink the document, or raise the limit that the message names.',
  },
  UnreadableInvoice: {
    class: 'permanent',
    cause: 'Searching the document for the fields of an invoice took more time or memory than one document may.',
    remedy: 'Split the document, so that the pages of the invoice stand alone.',
  },
  PageTimeLimit: {
    class: 'poison',
    cause: 'Reading one page took longer than allowed; the process that read it was killed.',
    remedy: 'Look at the page; raise OCR_PAGE_TIMEOUT_MS if it is legitimate.',
  },
  PageMemoryLimit: {
    class: 'poison',
    cause: 'Reading one page took more memory than allowed; the process that read it was killed.',
    remedy: 'Look at the page; raise OCR_PAGE_MEMORY_MB if it is legitimate.',
  },
  ReaderCrashed: {
    class: 'transient',
    cause: 'The process that read a page died.',
    remedy: 'Retried by itself. If it repeats for one document, look at that document.',
  },
  LanguageDataMissing: {
    class: 'configuration',
    cause: 'The recognition data of the language is not installed.',
    remedy: 'Install the language data that the message names, or choose another language.',
  },
  BackendNotConfigured: {
    class: 'configuration',
    cause: 'The chosen recognition backend has no address.',
    remedy: 'Set DEEPSEEK_URL, and DEEPSEEK_API_KEY where the service needs one, or choose the tesseract backend.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
