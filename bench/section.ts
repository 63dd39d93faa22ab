/** What a section of the benchmark is: how it is run, and what it hands back for the table. */
import type { Reporter } from '../stack/reporter.ts';

/** What every section is given. */
export interface BenchContext {
  /** Tiny counts: shows that a section works; its figures mean nothing. */
  readonly quick: boolean;
  /** How often peer and ours are measured, in turns. */
  readonly rounds: number;
  /** Folder of further documents with known text, for the accuracy section. */
  readonly truth: string | undefined;
  /** Processes at once: the cores that this process may use. */
  readonly cores: number;
  /** Empty folder of this run; removed afterwards. */
  readonly folder: string;
  readonly log: Reporter;
  readonly signal: AbortSignal;
}

/** What a ratio has to be. */
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
  /** Absent: for information. */
  readonly target?: Target;
}

/** What a section found. */
export interface Measured {
  readonly rows: readonly Row[];
  /** How it was measured, as a Markdown paragraph. */
  readonly how: string;
  /** Further Markdown blocks below the table. */
  readonly details: readonly string[];
}

/** Why a section found nothing: the peer that is not there. */
export interface NotMeasured {
  readonly missing: string;
}

/** One section of the benchmark. */
export interface Section {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<Measured | NotMeasured>;
}

/** Ours may be this much of the peer or more. */
export function atLeast(limit: number): Target {
  return { text: `≥ ${limit.toFixed(2)}`, holds: (ratio) => ratio >= limit };
}

/** Ours may be this much of the peer or less. */
export function atMost(limit: number): Target {
  return { text: `≤ ${limit.toFixed(2)}`, holds: (ratio) => ratio <= limit };
}
