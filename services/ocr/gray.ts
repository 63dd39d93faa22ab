/**
 * A page as eight-bit gray pixels, with the few operations that are cheaper on typed arrays than through an image
 * library.
 */

/** The picture of one page: 0 is black, 255 is white, rows from the top, no padding. */
export interface GrayPage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Dots per inch when known; Tesseract guesses badly without it. */
  readonly dpi: number | undefined;
}

/** The picture of one page in which 1 is ink. */
export interface InkPage {
  readonly width: number;
  readonly height: number;
  readonly ink: Uint8Array;
}

/** A clockwise quarter turn, in degrees. */
export type Turn = 0 | 90 | 180 | 270;

/** Adds two quarter turns. */
export function addTurns(one: Turn, other: Turn): Turn {
  const sum = (one + other) % 360;
  if (sum === 90 || sum === 180 || sum === 270) return sum;
  return 0;
}

/** Shrinks by a whole factor; each new pixel is the mean of the old ones. */
export function shrink(page: GrayPage, factor: number): GrayPage {
  if (factor <= 1) return page;
  const width = Math.max(1, Math.floor(page.width / factor));
  const height = Math.max(1, Math.floor(page.height / factor));
  const data = new Uint8Array(width * height);
  const sums = new Uint32Array(width);
  const rows = Math.min(factor, page.height);
  const area = Math.min(factor, page.width) * rows;
  for (let y = 0; y < height; y += 1) {
    sums.fill(0);
    for (let row = 0; row < rows; row += 1) addRow(sums, page, y * factor + row, factor);
    for (let x = 0; x < width; x += 1) data[y * width + x] = (sums[x] ?? 0) / area;
  }
  return { width, height, data, dpi: page.dpi === undefined ? undefined : page.dpi / factor };
}

/** Adds a row of pixels to the sums, `factor` pixels to each. */
function addRow(sums: Uint32Array, page: GrayPage, row: number, factor: number): void {
  let at = row * page.width;
  for (let column = 0; column < sums.length; column += 1) {
    const end = Math.min(at + factor, (row + 1) * page.width);
    let sum = 0;
    for (; at < end; at += 1) sum += page.data[at] ?? 0;
    sums[column] = (sums[column] ?? 0) + sum;
  }
}

/** Turns a page clockwise. */
export function turn(page: GrayPage, degrees: Turn): GrayPage {
  if (degrees === 0) return page;
  const { width, height, data } = page;
  const out = new Uint8Array(data.length);
  if (degrees === 180) {
    for (let at = 0, to = data.length - 1; to >= 0; at += 1, to -= 1) out[to] = data[at] ?? 255;
    return { ...page, data: out };
  }
  for (let y = 0; y < height; y += 1) {
    const column = degrees === 90 ? height - 1 - y : y;
    for (let x = 0; x < width; x += 1) {
      const row = degrees === 90 ? x : width - 1 - x;
      out[row * height + column] = data[y * width + x] ?? 255;
    }
  }
  return { width: height, height: width, data: out, dpi: page.dpi };
}

/** Computes Otsu's threshold: the gray value that separates ink from paper best. */
export function inkThreshold(page: GrayPage): number {
  const histogram = new Float64Array(256);
  for (const value of page.data) histogram[value] = (histogram[value] ?? 0) + 1;
  const total = page.data.length;
  const sum = histogram.reduce((all, count, value) => all + count * value, 0);
  let below = 0;
  let sumBelow = 0;
  let best = 127;
  let bestVariance = -1;
  histogram.forEach((count, value) => {
    below += count;
    sumBelow += count * value;
    if (below === 0 || below === total) return;
    const gap = sumBelow / below - (sum - sumBelow) / (total - below);
    const variance = below * (total - below) * gap * gap;
    if (variance <= bestVariance) return;
    bestVariance = variance;
    best = value;
  });
  return best;
}

/** Marks the ink of a page. */
export function binarise(page: GrayPage): InkPage {
  const threshold = inkThreshold(page);
  const ink = new Uint8Array(page.data.length);
  for (let at = 0; at < ink.length; at += 1) ink[at] = (page.data[at] ?? 255) <= threshold ? 1 : 0;
  return { width: page.width, height: page.height, ink };
}

/** Turns an ink page clockwise by 90 degrees. */
export function turnInk(page: InkPage): InkPage {
  const turned = turn({ width: page.width, height: page.height, data: page.ink, dpi: undefined }, 90);
  return { width: turned.width, height: turned.height, ink: turned.data };
}

/**
 * Builds the header of PGM, a format without compression; compressing to PNG would take more than half of a page's
 * reading time.
 */
export function pgmHeader(page: GrayPage): Buffer {
  return Buffer.from(`P5\n${String(page.width)} ${String(page.height)}\n255\n`, 'latin1');
}
