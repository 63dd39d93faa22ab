/** Adds recognised text to a copy of a PDF, as an invisible layer above what its pages hold already. */
import { openPdf } from '../pdf/pdfium.ts';
import type { PdfFile } from '../pdf/pdfium.ts';
import { hasCentreIn, type Box } from '../pdf/boxes.ts';
import { charactersOf, wordsOf } from '../pdf/characters.ts';
import type { Pdfium, Pointer } from '../pdf/interface.ts';
import { annotationsOf } from '../pdf/notes.ts';
import { toShownPlace, toShownPoint, type Uprighting } from '../pdf/placing.ts';
import { removeUnseen } from '../pdf/unseen.ts';
import { TextWriter } from '../pdf/writing.ts';
import type { Word } from '../port.ts';
import { glyphCodes, GLYPH_WIDTH, FONT_FILE, glyphMap } from './glyphless-font.ts';
import { placedLines, type PlacedWord, type Point } from './lines.ts';
import type { AddedText, CopyFacts } from './port.ts';

/** Shortest side of a word, in points. */
const LEAST_SIDE = 0.1;

/**
 * Writes a copy of a PDF with the text of `readings`.
 *
 * @param bytes - the PDF
 * @param write - takes the bytes of the copy, part by part
 * @throws PerennialError `EncryptedDocument`, `CorruptDocument`, `DocumentTooLarge`
 */
export async function addText(
  bytes: Uint8Array,
  readings: readonly AddedText[],
  write: (part: Uint8Array) => void,
): Promise<CopyFacts> {
  const pdf = await openPdf(bytes);
  try {
    const codes = glyphCodes(readings.map(({ text, words }) => text + words.map((word) => word.text).join('')));
    return pdf.withDocument((pdfium, document) => {
      const writer = new TextWriter(pdfium, document, {
        file: FONT_FILE,
        characterMap: codes.characterMap,
        glyphMap: glyphMap(),
      });
      try {
        for (const reading of readings) addToPage(pdf, reading, writer, codes.encode);
        writer.save(write);
        return { signatures: Math.max(0, pdfium._FPDF_GetSignatureCount(document)) };
      } finally {
        writer.close();
      }
    });
  } finally {
    pdf.close();
  }
}

function addToPage(
  pdf: PdfFile,
  { page, text, words, rotation, skew, origin }: AddedText,
  writer: TextWriter,
  encode: (text: string) => number[],
): void {
  pdf.withPage(page, (pdfium, handle) => {
    const [width, height] = [pdfium._FPDF_GetPageWidth(handle), pdfium._FPDF_GetPageHeight(handle)];
    const upright: Uprighting = { width, height, rotation, skew };
    const isReplaced = origin === 'ocr' && removeUnseen(pdf, pdfium, handle);
    const missing = words.length === 0 ? words : missingWords(pdf, pdfium, handle, words, upright);
    if (words.length > 0 && missing.length === 0 && !isReplaced) return;
    const [uprightWidth, uprightHeight] = rotation % 180 === 0 ? [width, height] : [height, width];
    const toPage = writer.toPage(handle);
    const place = (point: Point): Point => toPage(toShownPoint(point, upright));
    const lines = placedLines({ text, words: missing }, uprightWidth / uprightHeight);
    const added = lines
      .flatMap((line) => (isUpsideDown(line, upright) ? [joined(line)] : line))
      .filter((word) => addWord(word, handle, place, writer, encode)).length;
    if (added > 0 || isReplaced) writer.finishPage(handle);
  });
}

/** Leaves out the words that the page holds already, as text or in a field or note. */
function missingWords(
  pdf: PdfFile,
  pdfium: Pdfium,
  handle: Pointer,
  words: readonly Word[],
  upright: Uprighting,
): readonly Word[] {
  const layer = wordsOf(charactersOf(pdfium, handle));
  const noted = annotationsOf(pdf, pdfium, handle, layer.text).notes.map(({ box }) => box);
  const known = new Map<string, Box[]>();
  for (const { text, box } of layer.words) known.set(text, [...(known.get(text) ?? []), box]);
  return words.filter((word) => {
    const box = toShownPlace(word.box, upright);
    return ![...noted, ...(known.get(word.text) ?? [])].some((place) => hasCentreIn(box, place));
  });
}

/** Tells whether a line is shown upside down. */
function isUpsideDown([word]: readonly PlacedWord[], upright: Uprighting): boolean {
  if (word === undefined) return false;
  const [start, end] = [toShownPoint(word.start, upright), toShownPoint(word.end, upright)];
  return start[0] - end[0] > Math.abs(start[1] - end[1]);
}

/** Makes one text of a line, because PDFium, unlike other readers, sorts the texts of a line from left to right. */
function joined(line: readonly PlacedWord[]): PlacedWord {
  const [first, last] = [line[0], line.at(-1)];
  if (first === undefined || last === undefined) throw new Error('A line has at least one word.');
  return { ...first, text: line.map(({ text }) => text).join(' '), end: last.end };
}

function addWord(
  { text, start, end, above }: PlacedWord,
  page: Pointer,
  place: (point: Point) => Point,
  writer: TextWriter,
  encode: (text: string) => number[],
): boolean {
  const [origin, right, top] = [place(start), place(end), place(above)];
  const along = [right[0] - origin[0], right[1] - origin[1]] as const;
  const up = [top[0] - origin[0], top[1] - origin[1]] as const;
  const size = Math.hypot(...up);
  if (text === '' || size < LEAST_SIDE || Math.hypot(...along) < LEAST_SIDE) return false;
  const advance = Array.from(text).length * GLYPH_WIDTH * size;
  // Each word is followed by a space, so that copied text has spaces between words.
  writer.addText(page, encode(`${text} `), size, [
    along[0] / advance,
    along[1] / advance,
    up[0] / size,
    up[1] / size,
    origin[0],
    origin[1],
  ]);
  return true;
}
