/** The ports of the example tasks. */

/** Effects that happen once for each business key. */
export interface EffectLog {
  /** Records an effect; returns `false` when it was recorded before. */
  once(kind: string, key: string): Promise<boolean>;
}

/** Counters; adding to one twice counts twice, except under the same key. */
export interface Counters {
  /** Adds one unless this key has done so before, and returns the value. */
  add(name: string, key: string): Promise<number>;
}

/** A folder for the duration of one task. */
export interface Scratch {
  readonly path: string;
  /** Removes the folder with its contents. */
  close(): Promise<void>;
}

/** Processes data of the example tasks of retries. */
export interface DataProcessor {
  process(data: Readonly<Record<string, unknown>>): Promise<{ readonly fields: number }>;
}

/** Creates an empty folder. */
export type OpenScratch = () => Promise<Scratch>;
