/** Text that a page carries beside its content: values of form fields, and notes of reviewers. */
import { onPage, toShown, floatsAt, type Box } from './boxes.ts';
import type { Pdfium, Pointer } from './interface.ts';
import type { PdfFile } from './pdfium.ts';

/** The text of one field or note. */
export interface Note {
  readonly text: string;
  readonly box: Box;
  /** True when the text itself is drawn in the box; false when an icon or a mark is. */
  readonly drawn: boolean;
}

/** Texts of a page's annotations, and those of them that are pictures. */
export interface Annotations {
  readonly notes: readonly Note[];
  /** Places of stamps and signatures, whose text is only drawn. */
  readonly pictures: readonly Box[];
}

const SUBTYPE = { link: 2, freeText: 3, highlight: 9, strikeout: 12, stamp: 13, popup: 16, widget: 20 } as const;
const FIELD = { button: 1, checkBox: 2, radioButton: 3 } as const;
/** Flags of annotations that no reader shows: hidden, and not on the screen. */
const UNSEEN = 0x02 | 0x20;
/** Flag of a text field whose value is a password. */
const PASSWORD = 1 << 13;
/** Most annotations of a page that are looked at. */
const MAX_ANNOTATIONS = 5_000;
/** Most bytes of one text, in UTF-16. */
const MAX_TEXT_BYTES = 2_000_000;

/**
 * Reads fields and notes.
 * @param pageText - text of the page; markers often repeat the words that they mark, which are not wanted twice
 */
export function annotationsOf(file: PdfFile, pdfium: Pdfium, page: Pointer, pageText: string): Annotations {
  const notes: Note[] = [];
  const pictures: Box[] = [];
  const known = squeezed(pageText);
  const count = Math.min(pdfium._FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS);
  for (let index = 0; index < count; index += 1) {
    const annotation = pdfium._FPDFPage_GetAnnot(page, index);
    if (annotation === 0) continue;
    try {
      const found = readAnnotation(file, pdfium, page, annotation, known);
      if (found === undefined) continue;
      if (found.note !== undefined) notes.push(found.note);
      if (found.isPicture) pictures.push(found.box);
    } finally {
      pdfium._FPDFPage_CloseAnnot(annotation);
    }
  }
  return { notes, pictures };
}

interface Found {
  readonly box: Box;
  readonly note: Note | undefined;
  readonly isPicture: boolean;
}

function readAnnotation(
  file: PdfFile,
  pdfium: Pdfium,
  page: Pointer,
  annotation: Pointer,
  known: string,
): Found | undefined {
  const subtype = pdfium._FPDFAnnot_GetSubtype(annotation);
  if (!isShown(pdfium, annotation, subtype)) return undefined;
  const box = placeOf(pdfium, page, annotation);
  if (box === undefined) return undefined;
  const isDrawn = subtype === SUBTYPE.widget || subtype === SUBTYPE.freeText;
  const text = (
    subtype === SUBTYPE.widget ? fieldValue(file, pdfium, annotation) : stringOf(pdfium, annotation, 'Contents')
  ).trim();
  const looksDrawn = isDrawn ? text === '' : subtype === SUBTYPE.stamp;
  return {
    box,
    note: text === '' || repeats(subtype, text, known) ? undefined : { text, box, drawn: isDrawn },
    isPicture: looksDrawn && pdfium._FPDFAnnot_GetObjectCount(annotation) > 0,
  };
}

function isShown(pdfium: Pdfium, annotation: Pointer, subtype: number): boolean {
  // A popup shows the text of another annotation, and a link has none of its own.
  if (subtype === SUBTYPE.link || subtype === SUBTYPE.popup) return false;
  return (pdfium._FPDFAnnot_GetFlags(annotation) & UNSEEN) === 0;
}

/** Tells whether the text of a mark is that of the page. */
function repeats(subtype: number, text: string, known: string): boolean {
  return subtype >= SUBTYPE.highlight && subtype <= SUBTYPE.strikeout && known.includes(squeezed(text));
}

function placeOf(pdfium: Pdfium, page: Pointer, annotation: Pointer): Box | undefined {
  const scratch = pdfium.wasmExports.malloc(24);
  try {
    if (pdfium._FPDFAnnot_GetRect(annotation, scratch) === 0) return undefined;
    const [left = 0, top = 0, right = 0, bottom = 0] = floatsAt(pdfium, scratch, 4);
    const corners = [
      [left, top],
      [right, bottom],
    ] as const;
    return onPage(toShown(pdfium, page, corners, scratch + 16));
  } finally {
    pdfium.wasmExports.free(scratch);
  }
}

function fieldValue(file: PdfFile, pdfium: Pdfium, annotation: Pointer): string {
  const form = file.form();
  if (form === 0) return '';
  const type = pdfium._FPDFAnnot_GetFormFieldType(form, annotation);
  if (type === FIELD.button) return '';
  if (type === FIELD.checkBox || type === FIELD.radioButton)
    return pdfium._FPDFAnnot_IsChecked(form, annotation) === 1 ? '[x]' : '';
  if ((pdfium._FPDFAnnot_GetFormFieldFlags(form, annotation) & PASSWORD) !== 0) return '';
  return wideText(pdfium, (to, size) => pdfium._FPDFAnnot_GetFormFieldValue(form, annotation, to, size));
}

function stringOf(pdfium: Pdfium, annotation: Pointer, key: string): string {
  const name = Buffer.from(`${key}\0`, 'latin1');
  const at = pdfium.wasmExports.malloc(name.length);
  pdfium.HEAPU8.set(name, at);
  try {
    return wideText(pdfium, (to, size) => pdfium._FPDFAnnot_GetStringValue(annotation, at, to, size));
  } finally {
    pdfium.wasmExports.free(at);
  }
}

/** Reads a text of UTF-16 with a final zero; `get` returns its length in bytes and fills the memory when it fits. */
function wideText(pdfium: Pdfium, get: (to: Pointer, size: number) => number): string {
  const size = get(0, 0);
  if (size <= 2 || size > MAX_TEXT_BYTES) return '';
  const at = pdfium.wasmExports.malloc(size);
  if (at === 0) return '';
  try {
    get(at, size);
    return Buffer.from(pdfium.HEAPU8.slice(at, at + size - 2)).toString('utf16le');
  } finally {
    pdfium.wasmExports.free(at);
  }
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
