/** Measures the distance between a reading and the true text in characters. */

/** Collapses white space and composes letters (NFC), because neither difference is an error of recognition. */
export function normalised(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/**
 * Returns the character error rate: the edits that turn the reading into the truth, divided by the characters of the
 * truth. A run of white space counts as one blank.
 */
export function errorRate(reading: string, truth: string): number {
  const [read, expected] = [symbolsOf(reading), symbolsOf(truth)];
  if (expected.length === 0) return read.length === 0 ? 0 : 1;
  return distance(expected, read) / expected.length;
}

function symbolsOf(text: string): readonly string[] {
  return Array.from(normalised(text));
}

const WORD = 32;

/** One column of the matrix as differences between neighbouring cells, with 32 rows in one number. */
interface Column {
  readonly plus: Int32Array;
  readonly minus: Int32Array;
}

/**
 * Returns the Levenshtein distance by Myers's bit vectors (Journal of the ACM 46, 1999), which compute 32 cells of the
 * matrix in one step. A page takes milliseconds, and a document of a hundred pages seconds.
 */
export function distance(pattern: readonly string[], text: readonly string[]): number {
  if (pattern.length === 0) return text.length;
  const blocks = Math.ceil(pattern.length / WORD);
  const rows = rowsOf(pattern, blocks);
  const nowhere = new Int32Array(blocks);
  const column: Column = { plus: new Int32Array(blocks).fill(-1), minus: new Int32Array(blocks) };
  const lastRow = 1 << ((pattern.length - 1) % WORD);
  let score = pattern.length;
  for (const symbol of text) score += advance(column, rows.get(symbol) ?? nowhere, lastRow);
  return score;
}

/** Maps each symbol of the pattern to a bit set of the rows that hold it. */
function rowsOf(pattern: readonly string[], blocks: number): ReadonlyMap<string, Int32Array> {
  const rows = new Map<string, Int32Array>();
  pattern.forEach((symbol, row) => {
    const bits = rows.get(symbol) ?? new Int32Array(blocks);
    const block = Math.floor(row / WORD);
    bits[block] = (bits[block] ?? 0) | (1 << (row % WORD));
    rows.set(symbol, bits);
  });
  return rows;
}

/** Advances by one symbol of the text and returns the change of the last row, whose value is the distance so far. */
function advance({ plus, minus }: Column, equal: Int32Array, lastRow: number): number {
  // The upper border of the matrix grows by one with each symbol.
  let [carryPlus, carryMinus, change] = [1, 0, 0];
  for (let block = 0; block < plus.length; block += 1) {
    const [p, m, e] = [plus[block] ?? 0, minus[block] ?? 0, equal[block] ?? 0];
    const vertical = e | m;
    const e1 = e | carryMinus;
    const horizontal = (((e1 & p) + p) ^ p) | e1;
    const up = m | ~(horizontal | p);
    const down = p & horizontal;
    if (block === plus.length - 1) change = Number((up & lastRow) !== 0) - Number((down & lastRow) !== 0);
    const [nextUp, nextDown] = [(up << 1) | carryPlus, (down << 1) | carryMinus];
    [carryPlus, carryMinus] = [up >>> 31, down >>> 31];
    plus[block] = nextDown | ~(vertical | nextUp);
    minus[block] = nextUp & vertical;
  }
  return change;
}
