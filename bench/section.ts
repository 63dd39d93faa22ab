/** Defines the interface of a section of the benchmark: its input, and its result for the table. */
import type { Reporter } from '../stack/reporter.ts';

/** The input of every section. */
export interface BenchContext {
  /** Uses tiny counts, which show only that a section works; the figures mean nothing. */
  readonly quick: boolean;
  /** Number of measurements of the peer and of Perennial, which take turns. */
  readonly rounds: number;
  /** Folder of further documents with known text, for the accuracy section. */
  readonly truth: string | undefined;
  /** Number of parallel processes, which is the number of cores that this process may use. */
  readonly cores: number;
  /** An empty folder for this run, which is removed afterwards. */
  readonly folder: string;
  readonly log: Reporter;
  readonly signal: AbortSignal;
}

/** A condition for the ratio of Perennial to the peer. */
export interface Target {
  readonly text: string;
  holds(ratio: number): boolean;
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly ratio: number;
  /** Absent when the row is for information only. */
  readonly target?: Target;
}

/** The result of a section that was measured. */
export interface Measured {
  readonly rows: readonly Row[];
  /** The method of the measurement, as a Markdown paragraph. */
  readonly how: string;
  /** Further Markdown blocks that follow the table. */
  readonly details: readonly string[];
}

/** The result of a section that was not measured, because its peer is missing. */
export interface NotMeasured {
  readonly missing: string;
}

/** One section of the benchmark. */
export interface Section {
  /** Name of the section on the command line. */
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<Measured | NotMeasured>;
}

/** Returns a target for ratios of `limit` or more. */
export function atLeast(limit: number): Target {
  return { text: `≥ ${limit.toFixed(2)}`, holds: (ratio) => ratio >= limit };
}

/** Returns a target for ratios of `limit` or less. */
export function atMost(limit: number): Target {
  return { text: `≤ ${limit.toFixed(2)}`, holds: (ratio) => ratio <= limit };
}
