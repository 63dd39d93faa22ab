/** The configuration as the composition roots receive it. */
import type { workerRegion } from './tasks.ts';
import type { EntryValues, LogLevel } from './env.schema.ts';
import type { HousekeepingConfig } from './housekeeping.ts';
import type { ImportsConfig } from './imports.ts';
import type { EmailConfig } from './email.ts';
import type { ReportsConfig } from './reports.ts';
import type { SchedulesConfig } from './schedules.ts';

/** Encryption of the connection to Temporal; the paths name PEM files that were readable at start. */
export interface TlsConfig {
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly caFile: string | undefined;
  readonly serverName: string | undefined;
}

/** How to reach the Temporal server. */
export interface TemporalConfig {
  /** `host:port`; `undefined` when the local stack is to provide a server. */
  readonly address: string | undefined;
  readonly namespace: string;
  /** `undefined`: not encrypted. */
  readonly tls: TlsConfig | undefined;
  readonly apiKey: string | undefined;
  /** Wanted port of the local server. */
  readonly port: number;
  /** Wanted port of the Web UI of the local server. */
  readonly uiPort: number;
  /** The local server loses nothing in a power failure either. */
  readonly powerSafe: boolean;
  /** Priorities that the server tells apart. */
  readonly priorityLevels: 5 | 10;
}

/** How to reach PostgreSQL. */
export interface DatabaseConfig {
  /** `undefined` when the local stack is to provide a server. */
  readonly url: string | undefined;
  readonly poolSize: number;
  /** Connections beyond `poolSize` in times of need. */
  readonly poolOverflow: number;
  /** Age at which a connection is replaced, in seconds. */
  readonly poolRecycleS: number;
  readonly patienceMs: number;
  /** Wanted port of the local server; 0 for any. */
  readonly port: number;
}

/** How pages are read by the local engine. */
export interface OcrConfig {
  readonly engine: EntryValues['OCR_ENGINE'];
  /** At least 1: the number of cores where nothing else is set. */
  readonly processes: number;
  readonly pageTimeoutMs: number;
  readonly pageMemoryMb: number;
  /** Pages after which a process is replaced. */
  readonly recyclePages: number;
  readonly maxPixels: number;
  readonly maxFileMb: number;
  readonly maxPages: number;
}

/** All settings of a process, checked. */
export interface Config {
  readonly environment: EntryValues['ENVIRONMENT'];
  /** Absolute. */
  readonly stateDir: string;
  readonly shutdownGraceMs: number;
  readonly log: { readonly level: LogLevel };
  readonly temporal: TemporalConfig;
  readonly database: DatabaseConfig;
  readonly blobs: { readonly url: string };
  /** Absolute folders whose files may be read by path. */
  readonly documents: { readonly roots: readonly string[] };
  readonly api: {
    readonly host: string;
    readonly port: number;
    readonly key: string | undefined;
    readonly adminKey: string | undefined;
    readonly uploadMaxMb: number;
  };
  readonly worker: {
    readonly fleet: EntryValues['WORKER_FLEET'];
    /** Whose regional calls it takes. */
    readonly region: ReturnType<typeof workerRegion>;
    readonly maxCachedWorkflows: number;
    readonly retryDelayScale: number;
    readonly healthHost: string;
    readonly healthPort: number;
  };
  readonly ocr: OcrConfig;
  readonly deepseek: {
    readonly url: string | undefined;
    readonly apiKey: string | undefined;
    readonly model: string;
    readonly timeoutMs: number;
  };
  readonly email: EmailConfig;
  readonly reports: ReportsConfig;
  readonly schedules: SchedulesConfig;
  readonly housekeeping: HousekeepingConfig;
  readonly imports: ImportsConfig;
}
