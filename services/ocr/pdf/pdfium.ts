/**
 * The parts of PDFium that we use, over its C interface. The wrapper in `@hyzyla/pdfium` closes a page after one
 * rendering and exposes neither the boxes of characters nor error codes.
 */
import { PDFiumDocument, PDFiumModule } from '@hyzyla/pdfium';
import { PerennialError } from '../../../contracts/failures.ts';
import type { Pdfium, Pointer } from './interface.ts';

type FormDocument = InstanceType<typeof PDFiumDocument>;
/** An open PDF; a page is loaded for the duration of one call. */
export interface PdfFile {
  readonly pages: number;
  /** Calls `use` with a loaded page and closes the page afterwards. */
  withPage<T>(page: number, use: (pdfium: Pdfium, handle: Pointer) => T): T;
  /** Calls `use` with the document, for changes to it. */
  withDocument<T>(use: (pdfium: Pdfium, document: Pointer) => T): T;
  /** Renders a page in gray (1 byte a pixel) or in colour (red, green, blue, 255). */
  render(page: number, width: number, height: number, colour: 'gray' | 'rgba'): Uint8Array;
  /** Renders a page that `withPage` has loaded, in gray. */
  renderLoaded(handle: Pointer, width: number, height: number): Uint8Array;
  /** Returns the environment of the form fields, which their values are read from; 0 without a form. */
  form(): Pointer;
  close(): void;
}

const PASSWORD_ERROR = 4;
const SECURITY_ERROR = 5;
const DRAW_ANNOTATIONS = 0x01;
const GRAY = 0x08;
const RED_FIRST = 0x10;
const GRAY_FORMAT = 1;
const BGRX_FORMAT = 3;

let loading: Promise<Pdfium> | undefined;

/** Loads the WebAssembly module on first use, because half of the processes never see a PDF. */
function pdfiumModule(): Promise<Pdfium> {
  loading ??= PDFiumModule({}).then((module) => {
    // `as` is safe: the package exports all functions of the C interface but types only some of them.
    const pdfium = module as unknown as Pdfium;
    pdfium._FPDF_InitLibraryWithConfig({
      version: 2,
      m_pIsolate: null,
      m_pUserFontPaths: null,
      m_v8EmbedderSlot: 0,
      m_pPlatform: null,
    });
    return pdfium;
  });
  return loading;
}

/**
 * Opens a PDF.
 *
 * @throws PerennialError `EncryptedDocument`, `CorruptDocument`
 */
export async function openPdf(bytes: Uint8Array): Promise<PdfFile> {
  const pdfium = await pdfiumModule();
  const at = pdfium.wasmExports.malloc(bytes.length);
  if (at === 0)
    throw new PerennialError('DocumentTooLarge', 'Expected a PDF that fits in memory, but it does not. Split it.');
  pdfium.HEAPU8.set(bytes, at);
  const document = pdfium._FPDF_LoadMemDocument(at, bytes.length, 0);
  if (document === 0) {
    const code = pdfium._FPDF_GetLastError();
    pdfium.wasmExports.free(at);
    throw openingFailure(code);
  }
  const owner = new PDFiumDocument({
    module: pdfium as unknown as ConstructorParameters<typeof PDFiumDocument>[0]['module'],
    documentIdx: document,
    documentPtr: at,
  });
  const pages = pdfium._FPDF_GetPageCount(document);
  if (pages < 1) {
    owner.destroy();
    throw new PerennialError(
      'CorruptDocument',
      'Expected a PDF with at least one page, but found none. Supply an undamaged copy.',
    );
  }
  const withPage: PdfFile['withPage'] = (page, use) => {
    const handle = pdfium._FPDF_LoadPage(document, page);
    if (handle === 0) {
      throw new PerennialError(
        'CorruptDocument',
        `Expected to load page ${String(page + 1)} of the PDF, but it is damaged. Supply an undamaged copy.`,
      );
    }
    try {
      return use(pdfium, handle);
    } finally {
      pdfium._FPDF_ClosePage(handle);
    }
  };
  return {
    pages,
    withPage,
    withDocument: (use) => use(pdfium, document),
    render: (page, width, height, colour) =>
      withPage(page, (_, handle) => draw(pdfium, owner, handle, width, height, colour)),
    renderLoaded: (handle, width, height) => draw(pdfium, owner, handle, width, height, 'gray'),
    form: () => owner.initializeFormFields(),
    close: () => {
      owner.destroy();
    },
  };
}

function openingFailure(code: number): PerennialError {
  if (code === PASSWORD_ERROR || code === SECURITY_ERROR) {
    return new PerennialError(
      'EncryptedDocument',
      'Expected a PDF that opens without a password, but it is protected. Supply a copy without a password.',
    );
  }
  return new PerennialError(
    'CorruptDocument',
    'Expected a PDF that can be opened, but it is damaged or cut off. Supply an undamaged copy.',
  );
}

function draw(
  pdfium: Pdfium,
  owner: FormDocument,
  page: Pointer,
  width: number,
  height: number,
  colour: 'gray' | 'rgba',
): Uint8Array {
  const bytesPerPixel = colour === 'gray' ? 1 : 4;
  const size = width * height * bytesPerPixel;
  const at = pdfium.wasmExports.malloc(size);
  if (at === 0)
    throw new PerennialError(
      'DocumentTooLarge',
      `Expected a page picture that fits in memory, but ${String(width)} x ${String(height)} pixels do not. Shrink the page.`,
    );
  const bitmap = pdfium._FPDFBitmap_CreateEx(
    width,
    height,
    colour === 'gray' ? GRAY_FORMAT : BGRX_FORMAT,
    at,
    width * bytesPerPixel,
  );
  try {
    pdfium._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
    const flags = colour === 'gray' ? GRAY : RED_FIRST;
    pdfium._FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags | DRAW_ANNOTATIONS);
    // Values typed into form fields are text of the document too.
    pdfium._FPDF_FFLDraw(owner.initializeFormFields(), bitmap, page, 0, 0, width, height, 0, flags);
    const pixels = pdfium.HEAPU8.slice(at, at + size);
    if (colour === 'rgba') for (let alpha = 3; alpha < size; alpha += 4) pixels[alpha] = 255;
    return pixels;
  } finally {
    pdfium._FPDFBitmap_Destroy(bitmap);
    pdfium.wasmExports.free(at);
  }
}
