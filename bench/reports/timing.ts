/** Defines the timings that the measured worker of reports writes for the process that measures. */

/** Name of the file in the state folder, with one JSON object a line. */
export const TIMINGS_FILE = 'report-timings.jsonl';

/** Duration of one activity or one drawing, in milliseconds. */
export type ReportTiming =
  | { readonly part: 'drawing'; readonly ms: number }
  | { readonly part: 'activity'; readonly name: string; readonly ms: number };
