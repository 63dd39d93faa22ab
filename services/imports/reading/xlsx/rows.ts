/** Turns the cells of a sheet into lines of CSV. */
import { csvCells } from '../csv.ts';
import { recordTooLarge } from '../plan.ts';
import { cellText, type CellType } from './cells.ts';
import { MAX_CELL_CHARACTERS, MAX_CELLS, MAX_ROWS, MAX_SHEET_COLUMNS } from './limits.ts';
import { bomb, unreadable } from './zip.ts';

/** Settings of a {@link RowReader}. */
export interface RowOptions {
  readonly shared: readonly string[];
  /** For each cell style, whether its numbers are dates. */
  readonly dates: readonly boolean[];
  readonly maxRecordBytes: number;
  /** Checks the header before further rows are read; may throw. */
  readonly acceptHeader: (header: readonly string[]) => void;
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
  #isDate = false;
  #value = '';
  #inValue = false;
  #phonetic = 0;

  constructor(options: RowOptions) {
    this.#options = options;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.#openRow(attributes['r']);
    else if (name === 'c') this.#openCell(attributes);
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
    this.#isDate = style !== undefined && this.#options.dates[Number(style)] === true;
    this.#value = '';
  }

  #closeCell(): void {
    const text = cellText(this.#type, this.#value, this.#isDate, this.#options.shared);
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
    const cells = [...this.#cells].filter(([, text]) => text.trim() !== '');
    if (cells.length === 0) return '\n';
    const { acceptHeader, maxRecordBytes } = this.#options;
    const last = cells.reduce((most, [column]) => Math.max(most, column), 0);
    const fields = Array.from({ length: Math.max(last + 1, this.#width ?? 0) }, () => '');
    let characters = 0;
    for (const [column, text] of cells) {
      characters += text.length;
      fields[column] = text.replaceAll(/[\r\n]+/g, ' ');
    }
    if (characters > maxRecordBytes) throw recordTooLarge(this.#row, maxRecordBytes);
    if (this.#width === undefined) {
      acceptHeader(fields);
      this.#width = fields.length;
    }
    return csvCells(fields);
  }
}

/** Converts a cell reference to a column: `A1` is 0, `AA7` is 26. */
function columnOf(place: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(place)?.[0] ?? '') column = column * 26 + letter.charCodeAt(0) - 64;
  if (column === 0) throw unreadable('a cell without a reference');
  return column - 1;
}
