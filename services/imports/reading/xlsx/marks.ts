/**
 * Marks in the CSV that a sheet is rewritten as, for what a line of CSV cannot hold. They are noncharacters of Unicode,
 * which texts do not contain.
 */

/** Stands for a line break in a cell, so that line n of the CSV stays row n of the sheet. */
export const LINE_BREAK = '\ufdd0';

const FAULT = '\ufdd1';

/** Returns the text of a cell whose value cannot be known. */
export function cellFault(reason: string): string {
  return FAULT + reason;
}

/** Returns why the value of a cell cannot be known; `undefined` for all other cells. */
export function faultOfCell(text: string): string | undefined {
  return text.startsWith(FAULT) ? text.slice(FAULT.length) : undefined;
}

/** Returns a text with the line breaks of its cells. */
export function withLineBreaks(text: string): string {
  return text.includes(LINE_BREAK) ? text.replaceAll(LINE_BREAK, '\n') : text;
}
