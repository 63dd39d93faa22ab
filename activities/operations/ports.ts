import type { Downloader } from '../../services/imports/port.ts';
import type { Counters, DataProcessor, EffectLog, OpenScratch } from '../../services/operations/port.ts';

/** The ports of the example tasks. */
export interface OperationsPorts {
  readonly effects: EffectLog;
  readonly counters: Counters;
  readonly openScratch: OpenScratch;
  readonly downloader: Downloader;
  readonly processor: DataProcessor;
  /** Logs a warning. */
  readonly warn: (fields: object, message: string) => void;
}
