/** The vocabulary of data: kinds of values, and what can be mended. No such string is written anywhere else. */

/** What a value of a column can be, from the narrowest kind to the widest. */
export const VALUE_KINDS = ['integer', 'decimal', 'boolean', 'date', 'time', 'email', 'url', 'text'] as const;

/** What a value is. */
export type ValueKind = (typeof VALUE_KINDS)[number];

/**
 * What can be mended in cells: spaces around a value; a mark such as `n/a` for nothing; a number, date, truth or address
 * in another form than the rest.
 */
export const CELL_FIXES = ['trim', 'emptyMark', 'number', 'date', 'boolean', 'email'] as const;

/** What can be mended in a cell. */
export type CellFix = (typeof CELL_FIXES)[number];

/** What can be mended in rows: one that is there before, and one that holds nothing. */
export const ROW_FIXES = ['duplicateRows', 'emptyRows'] as const;

/** Most values of a column, and most rows of a kind, that a report shows. */
export const MAX_EXAMPLES = 5;

/** Most characters of a value that a report shows. */
export const SHOWN_CHARACTERS = 100;

/** Forms in which a table is exported. */
export const EXPORT_FORMATS = ['csv', 'jsonl', 'xlsx', 'parquet'] as const;

/** A form in which a table is exported. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
