/** The most that a workbook may hold: Excel's own limits where it has some, and what fits into the heap of a thread. */
import { BYTES_PER_MB } from '../../../../contracts/values/units.ts';

/** Excel's last row. */
export const MAX_ROWS = 1_048_576;

/** Excel's last column, XFD. */
export const MAX_SHEET_COLUMNS = 16_384;

/** Cells of one sheet, empty ones included: each costs about a microsecond. */
export const MAX_CELLS = 50_000_000;

/** Texts that cells share; they are held in memory, empty ones too. */
export const MAX_SHARED_TEXTS = 3_000_000;

/** Characters of all shared texts. */
export const MAX_SHARED_CHARACTERS = 50_000_000;

/** Characters of one cell; Excel itself stops at 32,767. */
export const MAX_CELL_CHARACTERS = 1_000_000;

/** Formats of cells; Excel has 65,490. */
export const MAX_STYLES = 65_536;

/** Sheets of one workbook, and parts that it refers to. */
export const MAX_SHEETS = 10_000;

/** Elements within elements; a sheet needs six. */
export const MAX_DEPTH = 64;

/** Names, comments and further fields of all parts in the directory of the archive. */
export const MAX_DIRECTORY_BYTES = 16 * BYTES_PER_MB;

/** Genuine sheets pack about ten times; two hundred times is somebody's joke. */
export const MAX_RATIO = 200;

/** CSV that any workbook may become, however small it is: texts that are shared make more of less. */
export const SMALL_OUTPUT_BYTES = 64 * BYTES_PER_MB;
