/** Matches the header of a file with a schema. */
import { PerennialError } from '../../../contracts/failures.ts';
import { type ImportSchema, MAX_COLUMNS } from '../../../contracts/imports/vocabulary.ts';

/** A column that an open schema keeps. */
interface OpenColumn {
  readonly at: number;
  readonly name: string;
  /** Whether the header names it; a column without a name is kept where it has a value. */
  readonly named: boolean;
}

/** Positions of the values in a record. */
export interface ColumnMap {
  /** Column of each field of the schema; `undefined` when the file lacks it. */
  readonly fieldAt: readonly (number | undefined)[];
  /** Columns that an open schema keeps. */
  readonly openColumns: readonly OpenColumn[];
  /** Every column that is imported. */
  readonly imported: readonly number[];
  /** Columns that are not imported. */
  readonly ignored: readonly string[];
  /** Column of the key that identifies a row; when `undefined`, the line number identifies it. */
  readonly keyAt: number | undefined;
  readonly keyName: string;
}

const plain = (name: string): string => name.trim().toLowerCase();

/** Finds the columns of a schema in a header that {@link checkHeader} has accepted. */
export function mapColumns(header: readonly string[], schema: ImportSchema, key: string | undefined): ColumnMap {
  const names = header.map(plain);
  const find = (name: string): number | undefined => {
    const at = names.indexOf(plain(name));
    return at < 0 ? undefined : at;
  };
  const fieldAt = schema.fields.map(({ name }) => find(name));
  const shownNames = columnNames(header);
  const rest = header.flatMap((given, at) =>
    fieldAt.includes(at) ? [] : [{ at, name: shownNames[at] ?? '', named: given.trim() !== '' }],
  );
  const keyName = key ?? schema.key ?? keyOf(schema);
  return {
    fieldAt,
    openColumns: schema.open === true ? rest : [],
    imported: schema.open === true ? header.map((_name, at) => at) : fieldAt.filter((at) => at !== undefined),
    ignored: schema.open === true ? [] : rest.map(({ name }) => name),
    keyAt: keyName === undefined ? undefined : find(keyName),
    keyName: keyName ?? '',
  };
}

/**
 * Returns the key column: the first required column for rows of other tables; documents are identified by their source.
 */
function keyOf(schema: ImportSchema): string | undefined {
  return schema.target === 'users' ? schema.fields[0]?.name : undefined;
}

/** Returns the names of columns; one without a name is called by its position, such as `column 2`. */
export function columnNames(header: readonly string[]): readonly string[] {
  const given = new Set(header.map(plain));
  return header.map((name, at) => {
    if (name.trim() !== '') return name.trim();
    let made = `column ${at + 1}`;
    while (given.has(made)) made += ' (no name)';
    return made;
  });
}

/**
 * Gives columns of a file the names that the caller wants for them.
 * @param map - the wanted name of a column by its name in the file, or by its position, as in `column 2`
 * @throws PerennialError `ImportColumns` for a column that the file lacks
 */
export function renamed(header: readonly string[], map: Readonly<Record<string, string>>, line: number): string[] {
  const names = columnNames(header).map(plain);
  const result = [...header];
  for (const [from, to] of Object.entries(map)) {
    const at = names.indexOf(plain(from));
    if (at < 0) throw columns(line, `expected the column '${shown(from)}' (map), got ${list(header)}`);
    result[at] = to;
  }
  return result;
}

/**
 * Checks a header and names the wrong columns.
 * @param line - its line in the file
 * @throws PerennialError `ImportColumns`
 */
export function checkHeader(
  header: readonly string[],
  schema: ImportSchema,
  key: string | undefined,
  line: number,
): void {
  if (header.length > MAX_COLUMNS) throw columns(line, `expected at most ${MAX_COLUMNS} columns, got ${header.length}`);
  const names = header.map(plain);
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
  if (twice !== undefined) throw columns(line, `expected each column once, got '${shown(twice)}' twice`);
  const needed = [
    ...schema.fields.filter(({ required }) => required === true).map(({ name }) => name),
    ...(key === undefined ? [] : [key]),
  ];
  const missing = needed.filter((name) => !names.includes(plain(name)));
  if (missing.length > 0) throw columns(line, `expected the columns ${missing.join(', ')}, got ${list(header)}`);
  const alternatives = schema.exactlyOne ?? [];
  if (alternatives.length > 0 && !alternatives.some((name) => names.includes(name)))
    throw columns(line, `expected one of the columns ${alternatives.join(', ')}, got ${list(header)}`);
  if (names.some((name) => name.includes('\u0000'))) throw columns(line, 'expected text, got a NUL character');
  if (names.every((name) => name === '')) throw columns(line, 'expected names of columns, got an empty line');
}

/** Builds the error for a header that does not fit. */
export function columns(line: number, what: string): PerennialError {
  return new PerennialError('ImportColumns', `line ${line}: ${what}`);
}

function list(header: readonly string[]): string {
  const names = header.slice(0, 12).map((name) => `'${shown(name)}'`);
  return names.join(', ') + (header.length > 12 ? ` and ${header.length - 12} more` : '');
}

function shown(name: string): string {
  const clean = name.trim().replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
  return clean.length <= 40 ? clean : `${clean.slice(0, 39)}…`;
}
