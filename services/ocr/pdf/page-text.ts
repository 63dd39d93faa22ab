/**
 * What a PDF page says by itself: the words of its text layer that people see too, fields and notes, and the pictures
 * that still have to be read. Where the layer is usable, recognising the page would take two seconds for a worse text.
 */
import type { GrayPage } from '../gray.ts';
import type { Word } from '../port.ts';
import type { Box } from './boxes.ts';
import { charactersOf, isUpsideDown, wordsOf, type LayerCharacter, type LayerText } from './characters.ts';
import { hasUnknownInk, isDrawn } from './ink.ts';
import type { Pdfium, Pointer } from './interface.ts';
import { annotationsOf, type Note } from './notes.ts';
import type { PdfFile } from './pdfium.ts';
import { picturesOf } from './pictures.ts';
import { inReadingOrder } from './turned.ts';
import { isDoubtful } from './plausible.ts';

/** The text of a PDF page. */
export interface PageText extends LayerText {
  /** Size of the page in points. */
  readonly width: number;
  readonly height: number;
  /** `none`: the page has to be recognised; `doubtful`: recognising it tells whether the layer is right. */
  readonly layer: 'believed' | 'doubtful' | 'none';
  readonly notes: readonly Note[];
  /** Pictures that hold more than the words of the layer. */
  readonly pictures: readonly Box[];
}

/** Letters and digits below which a layer counts as a leftover. */
const FEW_CHARACTERS = 8;
const MAX_JUNK = 0.1;
/** Longer side of the picture with which the layer is compared, in pixels: seven for the height of a small letter. */
const COMPARED_SIDE = 1100;
/** Pictures on a page from which they are read as one, because each takes a run of the engine. */
const MAX_PICTURES = 12;

/** Judges the characters of a layer. */
export function judgeLayer(characters: readonly LayerCharacter[], words: readonly Word[]): PageText['layer'] {
  let real = 0;
  let junk = 0;
  for (const { text, mapped } of characters) {
    if (!mapped || /[\p{Cc}\p{Co}\p{Cn}\uFFFD]/u.test(text.replace(/[\r\n\t\u0002\u00AD]/g, ''))) junk += 1;
    else if (/[\p{L}\p{N}]/u.test(text)) real += 1;
  }
  if (real < FEW_CHARACTERS || junk > MAX_JUNK * (real + junk)) return 'none';
  return isDoubtful(words.map(({ text }) => text)) ? 'doubtful' : 'believed';
}

/** Reads what a page says by itself. */
export function pageTextOf(file: PdfFile, page: number): PageText {
  return file.withPage(page, (pdfium, handle) => {
    const width = pdfium._FPDF_GetPageWidth(handle);
    const height = pdfium._FPDF_GetPageHeight(handle);
    const shown = smallPicture(file, handle, width, height);
    const characters = charactersOf(pdfium, handle).filter(({ box }) => box === undefined || isInside(box));
    const layer = inReadingOrder(
      wordsOf(characters, (box, drawable) => !drawable || isDrawn(shown, box)),
      width / height,
      isUpsideDown(characters),
    );
    const annotations = annotationsOf(file, pdfium, handle, layer.text);
    const drawnNotes = annotations.notes.filter(({ drawn }) => drawn);
    return {
      ...layer,
      width,
      height,
      layer: judgeLayer(Array.from(layer.text, asCharacter(characters)), layer.words),
      notes: annotations.notes,
      pictures: unknownPictures(
        pdfium,
        handle,
        shown,
        [...layer.words, ...drawnNotes].map(({ box }) => box),
        annotations.pictures,
      ),
    };
  });
}

/** Looks up whether the font explains a character, for the characters that are left. */
function asCharacter(characters: readonly LayerCharacter[]): (text: string) => LayerCharacter {
  const unmapped = new Set(characters.filter(({ mapped }) => !mapped).map(({ text }) => text));
  return (text) => ({ text, box: undefined, mapped: !unmapped.has(text), drawable: true });
}

function isInside([left, top, right, bottom]: Box): boolean {
  const x = (left + right) / 2;
  const y = (top + bottom) / 2;
  return x >= 0 && x <= 1 && y >= 0 && y <= 1;
}

function smallPicture(file: PdfFile, handle: Pointer, across: number, down: number): GrayPage {
  const scale = COMPARED_SIDE / Math.max(across, down, 1);
  const width = Math.max(1, Math.round(across * scale));
  const height = Math.max(1, Math.round(down * scale));
  return { width, height, data: file.renderLoaded(handle, width, height), dpi: undefined };
}

function unknownPictures(
  pdfium: Pdfium,
  handle: Pointer,
  shown: GrayPage,
  known: readonly Box[],
  drawn: readonly Box[],
): readonly Box[] {
  const pictures = picturesOf(pdfium, handle, drawn).filter((picture) => hasUnknownInk(shown, picture, known));
  if (pictures.length <= MAX_PICTURES) return pictures;
  return [
    [
      Math.min(...pictures.map(([left]) => left)),
      Math.min(...pictures.map(([, top]) => top)),
      Math.max(...pictures.map(([, , right]) => right)),
      Math.max(...pictures.map(([, , , bottom]) => bottom)),
    ],
  ];
}
