/** What the API needs from the rest of the product: ports, so that tests can put fakes in their place. */
import type { PerennialClient } from '../client/index.ts';
import type { AskReadiness } from '../observability/health.ts';
import type { Logger } from '../observability/logger.ts';
import type { AbuseSettings } from './http/abuse.ts';
import type { BlobStore } from '../services/blobs/port.ts';
import type { BatchStore, DocumentSource, DocumentStore } from '../services/documents/port.ts';
import type { EmailOutcomes } from '../services/email/port.ts';
import type { OpenRows } from '../services/housekeeping/port.ts';
import type { AnalyticsStore, ReportStore } from '../services/reports/port.ts';
import type { ImportStore } from '../services/imports/port.ts';
import type { ScheduleLedger } from '../services/schedules/port.ts';
import type { PageReading } from '../services/ocr/port.ts';

/** A picture of a page as it was read: upright and straight, so that word boxes fit it. */
export interface PagePicture {
  /** JPEG or PNG. */
  readonly bytes: Buffer;
}

/** Draws pages of documents. */
export interface PagePainter {
  /**
   * Draws one page the way it stood when it was read.
   *
   * @param path - a local file that has been confined and checked
   * @throws PerennialError as `OcrReader.readPage`
   */
  paint(
    path: string,
    reading: Pick<PageReading, 'page' | 'rotation' | 'skew'>,
    signal: AbortSignal,
  ): Promise<PagePicture>;
}

/** Gives the file of a document. */
export interface DocumentFiles {
  /** Fetches the file where it is far away; call `release` when done. @throws PerennialError `FileMissing`, `PathNotAllowed`, `BlobCorrupt`, `StorageUnavailable` */
  open(source: DocumentSource): Promise<{ readonly path: string; release(): Promise<void> }>;
}

/** Limits and keys of the API. */
export interface ApiSettings {
  /** When set, every request but health and documentation needs it. */
  readonly key?: string | undefined;
  /** Opens everything. Unset: the routes of administrators are shut while `key` is set. Set without `key`: needed for everything. */
  readonly adminKey?: string | undefined;
  /** Names under which the API may be asked, beside `localhost` and addresses. */
  readonly hosts: readonly string[];
  /** Origin of the Web UI that may ask for plain text. @defaultValue none */
  readonly codecOrigin?: string | undefined;
  /** Addresses and networks whose `X-Forwarded-For` is believed, in Express's notation, for example `10.0.0.0/8`. */
  readonly trustedProxies: readonly string[];
  readonly abuse: AbuseSettings;
  /** Largest file of an upload, in bytes. */
  readonly uploadMaxBytes: number;
  /** Most files in one upload. @defaultValue 100 */
  readonly uploadMaxFiles?: number;
  /** Time between two looks at the progress for server-sent events, in milliseconds. @defaultValue 500 */
  readonly eventIntervalMs?: number;
  /** Time between two heartbeat comments, in milliseconds; proxies close silent connections. @defaultValue 15,000 */
  readonly heartbeatMs?: number;
  /** How long `POST …/invoice` waits for the result before it answers 202, in milliseconds. @defaultValue 25,000 */
  readonly waitMs?: number;
}

/** Everything a handler may use. */
export interface ApiServices {
  readonly client: PerennialClient;
  readonly documents: DocumentStore;
  readonly batches: BatchStore;
  readonly openRows: Pick<OpenRows, 'closeBatch' | 'closeImport' | 'batchStatus'>;
  readonly scheduleLedger: Pick<ScheduleLedger, 'list'>;
  readonly imports: Pick<ImportStore, 'view' | 'list'>;
  readonly reports: ReportStore;
  /** Tells whether a user is known before anything is started. */
  readonly reportUsers: Pick<AnalyticsStore, 'findUser'>;
  readonly email: Pick<EmailOutcomes, 'outcomes' | 'counts'>;
  readonly blobs: BlobStore;
  readonly files: DocumentFiles;
  readonly painter: PagePainter;
  /** What `/health/ready` answers; it looks at `database`, `temporal`, `workers`, `blobs`. */
  readonly readiness: AskReadiness;
  readonly settings: ApiSettings;
  /** Aborted when the process is told to stop, so that open event streams end. */
  readonly closing?: AbortSignal;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}
