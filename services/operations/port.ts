/** What the example tasks need from outside. */

/** Effects that happen once for each business key. */
export interface EffectLog {
  /** Notes an effect; `false` when it had happened before. */
  once(kind: string, key: string): Promise<boolean>;
}

/** A folder for the time of one task. */
export interface Scratch {
  readonly path: string;
  /** Removes the folder with what is in it. */
  close(): Promise<void>;
}

/** Opens a folder of one's own. */
export type OpenScratch = () => Promise<Scratch>;
