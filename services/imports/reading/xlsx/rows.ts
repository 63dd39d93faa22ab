/** Turns the cells of a sheet into lines of CSV. */
import { csvCells } from '../csv.ts';
import { columns } from '../header.ts';
import { recordTooLarge } from '../plan.ts';
import { cellText, type CellContext, type CellType } from './cells.ts';
import type { NumberKind } from './formats.ts';
import { MAX_CELL_CHARACTERS, MAX_CELLS, MAX_ROWS, MAX_SHEET_COLUMNS } from './limits.ts';
import { faultOfCell, LINE_BREAK } from './marks.ts';
import { bomb, unreadable } from './zip.ts';

/** Settings of a {@link RowReader}. */
export interface RowOptions extends CellContext {
  /** For each cell style, what its numbers stand for. */
  readonly kinds: readonly NumberKind[];
  readonly maxRecordBytes: number;
  /** Rows at the beginning that are written as blank lines. */
  readonly skipLines: number;
  /** Checks the header at its row before further rows are read; may throw. */
  readonly acceptHeader: (header: readonly string[], line: number) => void;
}

/**
 * Collects cells to rows, and rows to lines of CSV. Only cells with text are kept. The first row with any text is the
 * header; it decides the width of the lines, so that a cell far to the right costs no more than any other.
 */
export class RowReader {
  readonly #options: RowOptions;
  #lines: string[] = [];
  #written = 0;
  #allCells = 0;
  /** Number of columns of the header; `undefined` before the header. */
  #width: number | undefined;
  #cells = new Map<number, string>();
  #row = 0;
  #column = 0;
  #type: CellType = 'n';
  #kind: NumberKind = 'number';
  #formula = false;
  #value = '';
  #inValue = false;
  #phonetic = 0;

  constructor(options: RowOptions) {
    this.#options = options;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.#openRow(attributes['r']);
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'f') this.#formula = true;
    else if (name === 'rPh') this.#phonetic += 1;
    else if (name === 'v' || name === 't') this.#inValue = this.#phonetic === 0;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#inValue = false;
    else if (name === 'rPh') this.#phonetic -= 1;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row') this.#closeRow();
  }

  text(text: string): void {
    if (!this.#inValue) return;
    this.#value += text;
    if (this.#value.length > MAX_CELL_CHARACTERS) throw unreadable('a cell of more than a million characters');
  }

  /** Returns the lines collected so far. */
  flush(): Buffer | undefined {
    if (this.#lines.length === 0) return undefined;
    const bytes = Buffer.from(this.#lines.join(''), 'utf8');
    this.#lines = [];
    return bytes;
  }

  #openRow(given: string | undefined): void {
    const row = given === undefined ? this.#written + 1 : Number(given);
    if (!Number.isInteger(row) || row <= this.#written || row > MAX_ROWS) throw unreadable('rows out of order');
    this.#row = row;
    this.#cells = new Map();
    this.#column = -1;
  }

  #openCell({ r: place, t: type, s: style }: Readonly<Record<string, string>>): void {
    this.#allCells += 1;
    if (this.#allCells > MAX_CELLS) throw bomb(`more than ${MAX_CELLS} cells`);
    this.#column = place === undefined ? this.#column + 1 : columnOf(place);
    if (this.#column >= MAX_SHEET_COLUMNS) throw unreadable(`more than ${MAX_SHEET_COLUMNS} columns`);
    this.#type = (type ?? 'n') as CellType; // an unknown type is read as a number, whose text is kept
    this.#kind = this.#options.kinds[Number(style ?? 0)] ?? 'number';
    this.#formula = false;
    this.#value = '';
  }

  #closeCell(): void {
    const cell = { type: this.#type, value: this.#value, kind: this.#kind, formula: this.#formula };
    const text = cellText(cell, this.#options);
    // Only one cell after the last column of the header is kept, which suffices to report that the row is too long.
    const column = Math.min(this.#column, this.#width ?? MAX_SHEET_COLUMNS);
    if (text !== '') this.#cells.set(column, text);
    else if (column === this.#column) this.#cells.delete(column);
  }

  /** Writes a blank line for each row that the sheet leaves out, so that line numbers equal row numbers. */
  #closeRow(): void {
    this.#lines.push('\n'.repeat(this.#row - this.#written - 1), this.#line());
    this.#written = this.#row;
  }

  #line(): string {
    const { acceptHeader, maxRecordBytes, skipLines } = this.#options;
    const cells = [...this.#cells].filter(([, text]) => text.trim() !== '');
    if (cells.length === 0 || this.#row <= skipLines) return '\n';
    const last = cells.reduce((most, [column]) => Math.max(most, column), 0);
    const fields = Array.from({ length: Math.max(last + 1, this.#width ?? 0) }, () => '');
    let characters = 0;
    for (const [column, text] of cells) {
      characters += text.length;
      fields[column] = this.#width === undefined ? nameOf(text, this.#row) : text;
    }
    if (characters > maxRecordBytes) throw recordTooLarge(this.#row, maxRecordBytes);
    if (this.#width === undefined) {
      acceptHeader(fields, this.#row);
      this.#width = fields.length;
    }
    return csvCells(fields);
  }
}

/** Returns the name of a column on one line. */
function nameOf(text: string, row: number): string {
  const fault = faultOfCell(text);
  if (fault !== undefined) throw columns(row, fault);
  return text.replaceAll(LINE_BREAK, ' ');
}

/** Converts a cell reference to a column: `A1` is 0, `AA7` is 26. */
function columnOf(place: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(place)?.[0] ?? '') column = column * 26 + letter.charCodeAt(0) - 64;
  if (column === 0) throw unreadable('a cell without a reference');
  return column - 1;
}
