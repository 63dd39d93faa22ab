/** What the measured worker of reports notes for the process that measures. */

/** Name of the file in the state folder: one JSON object a line. */
export const TIMINGS_FILE = 'report-timings.jsonl';

/** One thing that took time, in milliseconds. */
export type ReportTiming =
  | { readonly part: 'drawing'; readonly ms: number }
  | { readonly part: 'activity'; readonly name: string; readonly ms: number };
