/** Matches the header of a file with a schema. */
import { PerennialError } from '../../../contracts/failures.ts';
import { type ImportSchema, MAX_COLUMNS } from '../../../contracts/imports/vocabulary.ts';

/** Positions of the values in a record. */
export interface ColumnMap {
  /** Column of each field of the schema; `undefined` when the file lacks it. */
  readonly fieldAt: readonly (number | undefined)[];
  /** Columns that an open schema keeps. */
  readonly openColumns: readonly { readonly at: number; readonly name: string }[];
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
  const rest = header.flatMap((name, at) =>
    fieldAt.includes(at) || name.trim() === '' ? [] : [{ at, name: name.trim() }],
  );
  const keyName = key ?? schema.key ?? keyOf(schema);
  return {
    fieldAt,
    openColumns: schema.open === true ? rest : [],
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

/**
 * Checks a header and names the wrong columns.
 * @throws PerennialError `ImportColumns`
 */
export function checkHeader(header: readonly string[], schema: ImportSchema, key: string | undefined): void {
  if (header.length > MAX_COLUMNS) throw columns(`expected at most ${MAX_COLUMNS} columns, got ${header.length}`);
  const names = header.map(plain);
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
  if (twice !== undefined) throw columns(`expected each column once, got '${shown(twice)}' twice`);
  const needed = [
    ...schema.fields.filter(({ required }) => required === true).map(({ name }) => name),
    ...(key === undefined ? [] : [key]),
  ];
  const missing = needed.filter((name) => !names.includes(plain(name)));
  if (missing.length > 0) throw columns(`expected the columns ${missing.join(', ')}, got ${list(header)}`);
  const alternatives = schema.exactlyOne ?? [];
  if (alternatives.length > 0 && !alternatives.some((name) => names.includes(name)))
    throw columns(`expected one of the columns ${alternatives.join(', ')}, got ${list(header)}`);
  if (names.some((name) => name.includes('\u0000'))) throw columns('expected text, got a NUL character');
  if (names.every((name) => name === '')) throw columns('expected names of columns, got an empty line');
}

function columns(what: string): PerennialError {
  return new PerennialError('ImportColumns', `line 1: ${what}`);
}

function list(header: readonly string[]): string {
  const names = header.slice(0, 12).map((name) => `'${shown(name)}'`);
  return names.join(', ') + (header.length > 12 ? ` and ${header.length - 12} more` : '');
}

function shown(name: string): string {
  const clean = name.trim().replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
  return clean.length <= 40 ? clean : `${clean.slice(0, 39)}…`;
}
