/** Removes the text of a page that nobody sees, such as a layer of nonsense under a scan. */
import type { GrayPage } from '../gray.ts';
import { WHOLE_PAGE, type Box } from './boxes.ts';
import { undrawableTexts } from './characters.ts';
import { cut } from './ink.ts';
import type { Pdfium, Pointer } from './interface.ts';
import { matrixOf, OBJECT, objectsOf, placeOf } from './objects.ts';
import type { PdfFile } from './pdfium.ts';
import { INVISIBLE, notWritten } from './writing.ts';

/** Longer side of the pictures that are compared, in pixels. */
const COMPARED_SIDE = 1600;

/**
 * Removes unseen text and tells whether there was any. Text is unseen when the page looks the same without it, as it does
 * without invisible writing, text under a picture, and white text on white. What is shown stays as it is.
 *
 * @throws PerennialError `CorruptDocument` when the page would look otherwise
 */
export function removeUnseen(file: PdfFile, pdfium: Pdfium, page: Pointer): boolean {
  const shown = pictureOf(file, pdfium, page);
  const unseen = unseenTexts(file, pdfium, page, shown);
  if (unseen.size === 0) return false;
  for (let left = holdersOf(pdfium, page, unseen); left.length > 0; left = holdersOf(pdfium, page, unseen)) {
    for (const { holder, isUnseen } of left) {
      if (isUnseen) discard(pdfium, page, holder);
      else unfold(pdfium, page, holder);
    }
  }
  if (!looksSame(shown, pictureOf(file, pdfium, page), WHOLE_PAGE))
    throw notWritten('text that nobody sees cannot be removed from it');
  return true;
}

function pictureOf(file: PdfFile, pdfium: Pdfium, page: Pointer): GrayPage {
  const [across, down] = [pdfium._FPDF_GetPageWidth(page), pdfium._FPDF_GetPageHeight(page)];
  const scale = COMPARED_SIDE / Math.max(across, down, 1);
  const [width, height] = [across, down].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  return { width, height, data: file.renderLoaded(page, width, height), dpi: undefined };
}

/** Finds texts without which the page looks the same; what PDFium cannot draw may be seen in other readers. */
function unseenTexts(file: PdfFile, pdfium: Pdfium, page: Pointer, shown: GrayPage): ReadonlySet<Pointer> {
  const undrawable = undrawableTexts(pdfium, page);
  const texts = objectsOf(pdfium, page).filter(({ type }) => type === OBJECT.text);
  for (const { object } of texts) pdfium._FPDFPageObj_SetIsActive(object, 0);
  const without = texts.length === 0 ? shown : pictureOf(file, pdfium, page);
  for (const { object } of texts) pdfium._FPDFPageObj_SetIsActive(object, 1);
  const unseen = texts.filter((text) => {
    if (pdfium._FPDFTextObj_GetTextRenderMode(text.object) === INVISIBLE) return true;
    const place = undrawable.has(text.object) ? undefined : placeOf(pdfium, page, text);
    return place !== undefined && looksSame(shown, without, place);
  });
  return new Set(unseen.map(({ object }) => object));
}

function looksSame(one: GrayPage, other: GrayPage, place: Box): boolean {
  return Buffer.from(cut(one, place).data).equals(cut(other, place).data);
}

/** An object of the page itself that is an unseen text or holds some. */
interface Holder {
  readonly holder: Pointer;
  /** True when nothing in it is seen. */
  readonly isUnseen: boolean;
}

function holdersOf(pdfium: Pdfium, page: Pointer, unseen: ReadonlySet<Pointer>): readonly Holder[] {
  const members = new Map<Pointer, Pointer[]>();
  for (const { object, form } of objectsOf(pdfium, page)) {
    const holder = form ?? object;
    const held = members.get(holder);
    if (held === undefined) members.set(holder, [object]);
    else held.push(object);
  }
  return [...members]
    .filter(([, objects]) => objects.some((object) => unseen.has(object)))
    .map(([holder, objects]) => ({ holder, isUnseen: objects.every((object) => unseen.has(object)) }));
}

function discard(pdfium: Pdfium, page: Pointer, object: Pointer): void {
  if (pdfium._FPDFPage_RemoveObject(page, object) === 0)
    throw notWritten('text that nobody sees cannot be removed from it');
  pdfium._FPDFPageObj_Destroy(object);
}

/** Moves what a form holds to the page itself, because other pages may show the same form, and PDFium writes no forms. */
function unfold(pdfium: Pdfium, page: Pointer, form: Pointer): void {
  const matrix = matrixOf(pdfium, form);
  let index = 0;
  while (pdfium._FPDFPage_GetObject(page, index) !== form) index += 1;
  while (pdfium._FPDFFormObj_CountObjects(form) > 0) {
    const object = pdfium._FPDFFormObj_GetObject(form, 0);
    if (pdfium._FPDFFormObj_RemoveObject(form, object) === 0)
      throw notWritten('text that nobody sees cannot be removed from it');
    pdfium._FPDFPageObj_Transform(object, ...matrix);
    pdfium._FPDFPageObj_TransformClipPath(object, ...matrix);
    pdfium._FPDFPage_InsertObjectAtIndex(page, object, index);
    index += 1;
  }
  discard(pdfium, page, form);
}
