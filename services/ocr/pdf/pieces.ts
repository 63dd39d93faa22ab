/** Joins the pieces of pictures, and of letters drawn as outlines, that stand together. */
import { boxAround, cornersOf, type Box } from './boxes.ts';

/** A picture, or the outline of a letter. */
export interface Piece {
  readonly box: Box;
  readonly isOutline: boolean;
}

/** Largest height and width of a letter's outline, as shares of the page. */
const LETTER_HEIGHT = 0.12;
const LETTER_WIDTH = 0.4;
/** Outlines in one place from which they count as writing rather than as an ornament. */
export const WRITING_OUTLINES = 12;
/** Cells of the longer side of the grid on which pieces of one picture are joined: two points on a letter-size page. */
const GRID = 400;

/** Joins pieces that touch, on a grid, so that ten thousand strips cost no more than one. */
export function joinPieces(pieces: readonly Piece[], [width, height]: readonly [number, number]): readonly Box[] {
  if (pieces.length === 0 || width <= 0 || height <= 0) return [];
  const cell = Math.max(width, height) / GRID;
  const columns = Math.max(1, Math.ceil(width / cell));
  const rows = Math.max(1, Math.ceil(height / cell));
  const grid = new Int32Array(columns * rows);
  const spanOf = ({ box, isOutline }: Piece): readonly [number, number, number, number] => {
    // Letters of one text stand apart, by spaces and line spacing.
    const margin = isOutline ? Math.min(4, Math.ceil(((box[3] - box[1]) * height) / cell)) : 0;
    const clip = (value: number, most: number): number => Math.min(most, Math.max(0, Math.floor(value)));
    return [
      clip(box[0] * columns - margin, columns - 1),
      clip(box[1] * rows - margin, rows - 1),
      clip(box[2] * columns + margin, columns - 1),
      clip(box[3] * rows + margin, rows - 1),
    ];
  };
  for (const piece of pieces) fill(grid, columns, spanOf(piece));
  const groups = labelled(grid, columns, rows);
  const found = Array.from({ length: groups }, (): { boxes: Box[]; outlines: number; images: number } => ({
    boxes: [],
    outlines: 0,
    images: 0,
  }));
  for (const piece of pieces) {
    const [left, top] = spanOf(piece);
    const group = found[(grid[top * columns + left] ?? 1) - 1];
    if (group === undefined) continue;
    group.boxes.push(piece.box);
    if (piece.isOutline) group.outlines += 1;
    else group.images += 1;
  }
  return found
    .filter(({ images, outlines, boxes }) => images > 0 || outlines >= WRITING_OUTLINES || boxes.some(isBlock))
    .map(({ boxes }) => boxes.reduce((one, other) => boxAround([...cornersOf(one), ...cornersOf(other)])));
}

/** Tells whether one outline is as large as a text, which only an outline of many letters passes as. */
export function isBlock([left, top, right, bottom]: Box): boolean {
  return bottom - top > LETTER_HEIGHT || right - left > LETTER_WIDTH;
}

function fill(
  grid: Int32Array,
  columns: number,
  [left, top, right, bottom]: readonly [number, number, number, number],
): void {
  for (let row = top; row <= bottom; row += 1) grid.fill(-1, row * columns + left, row * columns + right + 1);
}

/** Numbers the connected cells from 1, and returns how many groups there are. */
function labelled(grid: Int32Array, columns: number, rows: number): number {
  let groups = 0;
  const stack: number[] = [];
  for (let start = 0; start < grid.length; start += 1) {
    if (grid[start] !== -1) continue;
    groups += 1;
    grid[start] = groups;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (const next of around(at, columns, rows).filter((one) => grid[one] === -1)) {
        grid[next] = groups;
        stack.push(next);
      }
    }
  }
  return groups;
}

/** Returns the cells beside a cell. */
function around(at: number, columns: number, rows: number): readonly number[] {
  const column = at % columns;
  const cells = [at - columns, at + columns];
  if (column > 0) cells.push(at - 1);
  if (column < columns - 1) cells.push(at + 1);
  return cells.filter((cell) => cell >= 0 && cell < columns * rows);
}
