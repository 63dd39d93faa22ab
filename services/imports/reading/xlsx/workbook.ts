/** A sheet of a workbook as lines of CSV, row by row, so that it takes the same way as any other file. */
import { posix } from 'node:path';
import { PerennialError } from '../../../../contracts/failures.ts';
import { csvCells } from '../csv.ts';
import { cellText, isDateFormat, type CellType } from './cells.ts';
import { readWholeXml, readXml } from './xml.ts';
import { openZip, unreadable, type ByteSource, type ZipLimits, type ZipEntries } from './zip.ts';

/** Most characters of all shared texts: they are held in memory. */
const MAX_SHARED = 50_000_000;

/** Most columns that Excel itself knows. */
const MAX_COLUMN = 16_384;

/**
 * Gives the rows of a sheet as CSV in UTF-8: line n is row n. Line ends inside
 * cells become blanks, so that lines can be counted.
 *
 * @param sheet - name of the sheet; the first one where absent
 * @throws PerennialError `ImportUnreadable`, `ArchiveBomb`
 */
export async function* sheetAsCsv(
  source: ByteSource,
  sheet: string | undefined,
  limits: ZipLimits,
): AsyncGenerator<Buffer> {
  const parts = await openZip(source, limits);
  const path = await sheetPath(parts, sheet);
  const shared = await sharedTexts(parts);
  const styles = await dateStyles(parts);
  const rows = new RowReader(shared, styles);
  yield* readXml(await parts.open(path), rows, () => rows.flush());
}

async function sheetPath(parts: ZipEntries, wanted: string | undefined): Promise<string> {
  const sheets: { name: string; id: string }[] = [];
  if (!parts.has('xl/workbook.xml')) throw unreadable('an archive without a workbook');
  await readWholeXml(await parts.open('xl/workbook.xml'), {
    open: (name, attributes) => {
      if (name === 'sheet') sheets.push({ name: attributes['name'] ?? '', id: attributes['r:id'] ?? '' });
    },
  });
  const sheet = wanted === undefined ? sheets[0] : sheets.find(({ name }) => name === wanted);
  if (sheet === undefined) {
    const names = sheets.slice(0, 10).map(({ name }) => `'${name.slice(0, 40)}'`);
    throw new PerennialError('ImportUnreadable', `sheet: expected one of ${names.join(', ')}, got '${wanted ?? ''}'.`);
  }
  const targets = new Map<string, string>();
  await readWholeXml(await parts.open('xl/_rels/workbook.xml.rels'), {
    open: (name, { Id = '', Target = '' }) => {
      if (name === 'Relationship') targets.set(Id, Target);
    },
  });
  const target = targets.get(sheet.id) ?? 'worksheets/sheet1.xml';
  return target.startsWith('/') ? target.slice(1) : posix.join('xl', target);
}

async function sharedTexts(parts: ZipEntries): Promise<readonly string[]> {
  const texts: string[] = [];
  if (!parts.has('xl/sharedStrings.xml')) return texts;
  let size = 0;
  let current = '';
  let inText = false;
  let phonetic = 0;
  await readWholeXml(await parts.open('xl/sharedStrings.xml'), {
    open: (name) => {
      if (name === 'si') current = '';
      if (name === 'rPh') phonetic += 1;
      inText = name === 't' && phonetic === 0;
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') phonetic -= 1;
      if (name === 'si') texts.push(current);
    },
    text: (text) => {
      if (!inText) return;
      current += text;
      size += text.length;
      if (size > MAX_SHARED) throw unreadable(`more than ${MAX_SHARED} characters of text`);
    },
  });
  return texts;
}

/** For each cell style, whether its numbers are dates. */
async function dateStyles(parts: ZipEntries): Promise<readonly boolean[]> {
  const styles: boolean[] = [];
  if (!parts.has('xl/styles.xml')) return styles;
  const formats = new Map<string, string>();
  let inCells = false;
  await readWholeXml(await parts.open('xl/styles.xml'), {
    open: (name, attributes) => {
      if (name === 'numFmt') formats.set(attributes['numFmtId'] ?? '', attributes['formatCode'] ?? '');
      if (name === 'cellXfs') inCells = true;
      const id = attributes['numFmtId'] ?? '0';
      if (name === 'xf' && inCells) styles.push(isDateFormat(Number(id), formats.get(id)));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

/** Collects cells to rows, and rows to lines. */
class RowReader {
  readonly #shared: readonly string[];
  readonly #dates: readonly boolean[];
  #lines: string[] = [];
  #written = 0;
  #cells: string[] = [];
  #row = 0;
  #column = 0;
  #type: CellType = 'n';
  #isDate = false;
  #value = '';
  #inValue = false;
  #phonetic = 0;

  constructor(shared: readonly string[], dates: readonly boolean[]) {
    this.#shared = shared;
    this.#dates = dates;
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
    else if (name === 'c') this.#cells[this.#column] = cellText(this.#type, this.#value, this.#isDate, this.#shared);
    else if (name === 'row') this.#closeRow();
  }

  text(text: string): void {
    if (this.#inValue) this.#value += text;
  }

  /** The lines that have come together. */
  flush(): Buffer | undefined {
    if (this.#lines.length === 0) return undefined;
    const bytes = Buffer.from(this.#lines.join(''), 'utf8');
    this.#lines = [];
    return bytes;
  }

  #openRow(given: string | undefined): void {
    const row = given === undefined ? this.#written + 1 : Number(given);
    if (!Number.isInteger(row) || row <= this.#written || row > 1_048_576) throw unreadable('rows out of order');
    this.#row = row;
    this.#cells = [];
    this.#column = -1;
  }

  #openCell({ r: place, t: type, s: style }: Readonly<Record<string, string>>): void {
    this.#column = place === undefined ? this.#column + 1 : columnOf(place);
    if (this.#column >= MAX_COLUMN) throw unreadable(`more than ${MAX_COLUMN} columns`);
    this.#type = (type ?? 'n') as CellType; // another type is read as a number, whose text is kept
    this.#isDate = style !== undefined && this.#dates[Number(style)] === true;
    this.#value = '';
  }

  /** Rows that the sheet leaves out are blank lines, so that line numbers are row numbers. */
  #closeRow(): void {
    this.#lines.push('\n'.repeat(this.#row - this.#written - 1));
    this.#lines.push(
      csvCells(Array.from(this.#cells, (cell: string | undefined) => (cell ?? '').replaceAll(/[\r\n]+/g, ' '))),
    );
    this.#written = this.#row;
  }
}

/** `A1` is column 0, `AA7` is 26. */
function columnOf(place: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(place)?.[0] ?? '') column = column * 26 + letter.charCodeAt(0) - 64;
  if (column === 0) throw unreadable('a cell without a place');
  return column - 1;
}
