import type { EffectLog, OpenScratch } from '../../services/operations/port.ts';

/** What the example tasks need. */
export interface OperationsPorts {
  readonly effects: EffectLog;
  readonly openScratch: OpenScratch;
  /** Where warnings go. */
  readonly warn: (fields: object, message: string) => void;
}
