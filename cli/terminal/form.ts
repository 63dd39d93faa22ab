/** Forms of what commands print, and how the command line names one. */

/** The forms: tables for people, JSON and lines of JSON for programs. */
export const OUTPUT_FORMS = ['table', 'json', 'jsonl'] as const;

/** A form of what a command prints. */
export type OutputForm = (typeof OUTPUT_FORMS)[number];

export const DEFAULT_FORM: OutputForm = 'table';

/**
 * Returns the form that a command line names, the last one first. It is read before the command line is checked, so that
 * faults of the command line have the form as well.
 */
export function formOf(args: readonly string[]): OutputForm {
  const end = args.indexOf('--');
  const given = end < 0 ? args : args.slice(0, end);
  for (let at = given.length - 1; at >= 0; at -= 1) {
    if (given[at] === '--json') return 'json';
    const form = OUTPUT_FORMS.find((one) => names(given, at, one));
    if (form !== undefined) return form;
  }
  return DEFAULT_FORM;
}

function names(args: readonly string[], at: number, form: OutputForm): boolean {
  const arg = args[at];
  if (arg === `--output=${form}` || arg === `-o${form}`) return true;
  return arg === form && (args[at - 1] === '-o' || args[at - 1] === '--output');
}
