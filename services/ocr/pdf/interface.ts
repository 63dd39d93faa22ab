/**
 * The functions of PDFium's C interface that the files of this folder call, and the types of their arguments.
 */

/** An address in the memory of the module; 0 means that there is none. */
export type Pointer = number;

/** The six numbers of a transformation, in the order of PDF. */
export type Matrix = readonly [number, number, number, number, number, number];

/** Arguments that both drawing functions take: bitmap, page and area. */
type Drawing = [
  bitmap: Pointer,
  page: Pointer,
  x: number,
  y: number,
  width: number,
  height: number,
  rotate: number,
  flags: number,
];

/** The functions of PDFium's C interface that this file and the text layer call. */
export interface Pdfium {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  readonly wasmExports: {
    malloc(size: number): Pointer;
    free(at: Pointer): void;
    readonly __indirect_function_table: { set(index: number, value: unknown): void };
  };
  _FPDF_InitLibraryWithConfig(config: object): void;
  _FPDF_LoadMemDocument(at: Pointer, size: number, password: Pointer): Pointer;
  _FPDF_GetLastError(): number;
  _FPDF_GetPageCount(document: Pointer): number;
  _FPDF_LoadPage(document: Pointer, page: number): Pointer;
  _FPDF_ClosePage(page: Pointer): void;
  _FPDF_GetPageWidth(page: Pointer): number;
  _FPDF_GetPageHeight(page: Pointer): number;
  _FPDF_PageToDevice(
    page: Pointer,
    x: number,
    y: number,
    width: number,
    height: number,
    rotate: number,
    pageX: number,
    pageY: number,
    toX: Pointer,
    toY: Pointer,
  ): number;
  _FPDF_DeviceToPage(
    page: Pointer,
    x: number,
    y: number,
    width: number,
    height: number,
    rotate: number,
    deviceX: number,
    deviceY: number,
    toX: Pointer,
    toY: Pointer,
  ): number;
  _FPDF_SaveAsCopy(document: Pointer, writer: Pointer, flags: number): number;
  _FPDF_RenderPageBitmap(...drawing: Drawing): void;
  _FPDF_FFLDraw(form: Pointer, ...drawing: Drawing): void;
  _FPDFBitmap_CreateEx(width: number, height: number, format: number, at: Pointer, stride: number): Pointer;
  _FPDFBitmap_FillRect(bitmap: Pointer, x: number, y: number, width: number, height: number, colour: number): void;
  _FPDFBitmap_Destroy(bitmap: Pointer): void;
  _FPDFPage_InsertObject(page: Pointer, object: Pointer): void;
  _FPDFPage_InsertObjectAtIndex(page: Pointer, object: Pointer, index: number): number;
  _FPDFPage_RemoveObject(page: Pointer, object: Pointer): number;
  _FPDFPage_GenerateContent(page: Pointer): number;
  _FPDFPageObj_CreateTextObj(document: Pointer, font: Pointer, size: number): Pointer;
  _FPDFPageObj_SetMatrix(object: Pointer, matrix: Pointer): number;
  _FPDFText_LoadCidType2Font(
    document: Pointer,
    file: Pointer,
    size: number,
    characterMap: Pointer,
    glyphMap: Pointer,
    glyphMapSize: number,
  ): Pointer;
  _FPDFText_SetCharcodes(text: Pointer, codes: Pointer, count: number): number;
  _FPDFTextObj_GetTextRenderMode(text: Pointer): number;
  _FPDFPageObj_Destroy(object: Pointer): void;
  _FPDF_GetSignatureCount(document: Pointer): number;
  _FPDFTextObj_SetTextRenderMode(text: Pointer, mode: number): number;
  _FPDFFont_Close(font: Pointer): void;
  _FPDFPage_CountObjects(page: Pointer): number;
  _FPDFPage_GetObject(page: Pointer, index: number): Pointer;
  _FPDFPageObj_GetType(object: Pointer): number;
  _FPDFPageObj_GetBounds(object: Pointer, left: Pointer, bottom: Pointer, right: Pointer, top: Pointer): number;
  _FPDFPageObj_GetMatrix(object: Pointer, matrix: Pointer): number;
  _FPDFFormObj_CountObjects(form: Pointer): number;
  _FPDFFormObj_GetObject(form: Pointer, index: number): Pointer;
  _FPDFFormObj_RemoveObject(form: Pointer, object: Pointer): number;
  _FPDFPageObj_SetIsActive(object: Pointer, active: number): number;
  _FPDFPageObj_Transform(object: Pointer, ...matrix: Matrix): void;
  _FPDFPageObj_TransformClipPath(object: Pointer, ...matrix: Matrix): void;
  _FPDFPath_CountSegments(path: Pointer): number;
  _FPDFPath_GetPathSegment(path: Pointer, index: number): Pointer;
  _FPDFPathSegment_GetType(segment: Pointer): number;
  _FPDFPage_GetAnnotCount(page: Pointer): number;
  _FPDFPage_GetAnnot(page: Pointer, index: number): Pointer;
  _FPDFPage_CloseAnnot(annotation: Pointer): void;
  _FPDFAnnot_GetSubtype(annotation: Pointer): number;
  _FPDFAnnot_GetFlags(annotation: Pointer): number;
  _FPDFAnnot_GetRect(annotation: Pointer, rectangle: Pointer): number;
  _FPDFAnnot_GetObjectCount(annotation: Pointer): number;
  _FPDFAnnot_GetStringValue(annotation: Pointer, key: Pointer, to: Pointer, size: number): number;
  _FPDFAnnot_GetFormFieldType(form: Pointer, annotation: Pointer): number;
  _FPDFAnnot_GetFormFieldFlags(form: Pointer, annotation: Pointer): number;
  _FPDFAnnot_GetFormFieldValue(form: Pointer, annotation: Pointer, to: Pointer, size: number): number;
  _FPDFAnnot_IsChecked(form: Pointer, annotation: Pointer): number;
  _FPDFText_GetTextObject(text: Pointer, index: number): Pointer;
  _FPDFTextObj_GetFont(object: Pointer): Pointer;
  _FPDFFont_GetIsEmbedded(font: Pointer): number;
  _FPDFText_LoadPage(page: Pointer): Pointer;
  _FPDFText_ClosePage(text: Pointer): void;
  _FPDFText_CountChars(text: Pointer): number;
  _FPDFText_GetUnicode(text: Pointer, index: number): number;
  _FPDFText_HasUnicodeMapError(text: Pointer, index: number): number;
  _FPDFText_GetCharBox(
    text: Pointer,
    index: number,
    left: Pointer,
    right: Pointer,
    bottom: Pointer,
    top: Pointer,
  ): number;
}
