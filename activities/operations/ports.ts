import type { EffectLog, OpenScratch } from '../../services/operations/port.ts';

/** The ports of the example tasks. */
export interface OperationsPorts {
  readonly effects: EffectLog;
  readonly openScratch: OpenScratch;
  /** Logs a warning. */
  readonly warn: (fields: object, message: string) => void;
}
