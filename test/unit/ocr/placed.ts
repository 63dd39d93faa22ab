/** Pages as lines with their places, as a text layer and as what tesseract says of a scan. */
import { expect } from 'vitest';
import { pageTextOf } from '../../../services/ocr/pdf/page-text.ts';
import { openPdf } from '../../../services/ocr/pdf/pdfium.ts';
import { parseTsv } from '../../../services/ocr/tsv.ts';
import { drawPdf } from './drawn.ts';

/** A line of text, with the place of its left end. */
export type Placed = readonly [text: string, x: number, y: number];

/** Columns of running text. */
export const RIVER = [
  'The river was high that',
  'spring and nobody could',
  'remember such water in',
  'the valley since the mill',
  'had been built by hand.',
];
export const TOWN = [
  'In the town the people',
  'carried sacks of sand to',
  'the bridge and waited for',
  'the night that would tell',
  'them whether it stood.',
];
export const FARM = [
  'On the farm the cattle',
  'were led up to the barn',
  'that stands on the ridge,',
  'and the hay was brought',
  'in before the evening.',
];

/** The lines of a column, one below the other. */
export function down(lines: readonly string[], x: number, y: number, pitch = 20): Placed[] {
  return lines.map((line, at) => [line, x, y + pitch * at]);
}

/** Puts lines in the order in which a row-by-row writer draws them. */
export function byRow(...columns: readonly (readonly Placed[])[]): Placed[] {
  return columns.flat().sort((one, other) => one[2] - other[2] || one[1] - other[1]);
}

/** The lines of a text layer whose lines are drawn in this order; its words have the numbers of these lines. */
export function textOfPdf(lines: readonly Placed[]): Promise<string[]> {
  return textOf(drawPdf({ lines }));
}

/** The same for a page that is shown turned. */
export function textOfTurnedPdf(lines: readonly Placed[], degrees: 90 | 180 | 270): Promise<string[]> {
  return textOf(turnedPdf(lines, degrees));
}

/** A page that is shown turned, clockwise by some degrees. */
export function turnedPdf(lines: readonly Placed[], degrees: 90 | 180 | 270): Buffer {
  const upright = drawPdf({ lines }).toString('latin1');
  // The annotations are empty, so that an entry of the same length takes their place.
  return Buffer.from(upright.replace('/Annots []', `/Rotate ${String(degrees)}`.padEnd(10)), 'latin1');
}

async function textOf(pdf: Buffer): Promise<string[]> {
  const file = await openPdf(pdf);
  try {
    const { text, words } = pageTextOf(file, 0);
    const numbered = new Map<number, string[]>();
    for (const word of words) numbered.set(word.line, [...(numbered.get(word.line) ?? []), word.text]);
    const shown = text.split('\n').filter((line) => line.trim() !== '');
    expect([...numbered.values()].map((line) => line.join(' '))).toEqual(
      shown.map((line) => line.replace(/\s+/g, ' ')),
    );
    return shown;
  } finally {
    file.close();
  }
}

/** Reads what tesseract says of lines that it takes for one block; a letter is 5 by 9 points. */
export function textOfScan(
  lines: readonly Placed[],
  width = 420,
  blockOf: (line: Placed) => number = () => 1,
): string[] {
  const heights = [...new Set(lines.map(([, , y]) => y))];
  const rows = lines.flatMap((line) => {
    const [text, x, y] = line;
    let at = x;
    return text.split(' ').map((word, index) => {
      const left = at;
      at += 5 * word.length + 3;
      const place = [5, 1, blockOf(line), 1, heights.indexOf(y) + 1, index + 1];
      return [...place, left, y, 5 * word.length, 9, 95, word].join('\t');
    });
  });
  const { text } = parseTsv([`1\t1\t0\t0\t0\t0\t0\t0\t${String(width)}\t300\t-1\t`, ...rows].join('\n'), 'eng');
  return text.split('\n').filter((line) => line !== '');
}
