/** Limits of a workbook: Excel's own where it has them, otherwise what fits into the heap of a thread. */
import { BYTES_PER_MB } from '../../../../contracts/values/units.ts';

/** Number of rows in a sheet, as in Excel. */
export const MAX_ROWS = 1_048_576;

/** Number of columns in a sheet, as in Excel (XFD). */
export const MAX_SHEET_COLUMNS = 16_384;

/** Cells of one sheet, empty ones included; each costs about a microsecond. */
export const MAX_CELLS = 50_000_000;

/** Texts that cells share, empty ones included; they are kept in memory. */
export const MAX_SHARED_TEXTS = 3_000_000;

/** Characters of all shared texts. */
export const MAX_SHARED_CHARACTERS = 50_000_000;

/** Characters of one cell; Excel's limit is 32,767. */
export const MAX_CELL_CHARACTERS = 1_000_000;

/** Formats of cells; Excel's limit is 65,490. */
export const MAX_STYLES = 65_536;

/** Sheets of one workbook, and parts that it refers to. */
export const MAX_SHEETS = 10_000;

/** Depth of nested elements; a sheet needs six. */
export const MAX_DEPTH = 64;

/** Bytes of names, comments and extra fields in the directory of the archive. */
export const MAX_DIRECTORY_BYTES = 16 * BYTES_PER_MB;

/** Ratio of unpacked to packed size. Real sheets reach about ten; two hundred indicates an archive bomb. */
export const MAX_RATIO = 200;

/**
 * Bytes of CSV that any workbook may become regardless of its size, because shared texts make the CSV larger than the
 * workbook.
 */
export const SMALL_OUTPUT_BYTES = 64 * BYTES_PER_MB;
