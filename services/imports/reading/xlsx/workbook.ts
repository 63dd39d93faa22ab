/** Converts a sheet of a workbook to lines of CSV, row by row, so that it is processed like any other file. */
import {
  MAX_CELL_CHARACTERS,
  MAX_RATIO,
  MAX_SHARED_CHARACTERS,
  MAX_SHARED_TEXTS,
  SMALL_OUTPUT_BYTES,
} from './limits.ts';
import { RowReader, type RowOptions } from './rows.ts';
import { chooseSheet, type ChosenSheet } from './sheets.ts';
import { numberKinds } from './styles.ts';
import { readWholeXml, readXml } from './xml.ts';
import { bomb, openZip, unreadable, type ByteSource, type ZipEntries } from './zip.ts';

/** An open workbook of which one sheet is to be read. */
export interface Workbook {
  readonly size: number;
  readonly parts: ZipEntries;
  readonly sheet: ChosenSheet;
}

/**
 * Opens a workbook and finds its sheet: the one with the given name, by default the first that is visible. The limit
 * is for all parts together.
 * @throws PerennialError `ImportUnreadable`, `ArchiveBomb`
 */
export async function openWorkbook(
  source: ByteSource,
  options: { readonly sheet: string | undefined; readonly maxUnpackedBytes: number },
): Promise<Workbook> {
  const parts = await openZip(source, { maxBytes: options.maxUnpackedBytes });
  return { size: source.size, parts, sheet: await chooseSheet(parts, options.sheet) };
}

/** Settings for reading a sheet. */
export interface SheetOptions extends Pick<RowOptions, 'maxRecordBytes' | 'skipLines' | 'acceptHeader'> {
  /** Limit for the resulting CSV, in bytes. */
  readonly maxUnpackedBytes: number;
}

/**
 * Yields the rows of a sheet as CSV in UTF-8: line n is row n. Line breaks in cells and cells without a value that can
 * be known are marked (`marks.ts`).
 * @throws PerennialError `ImportUnreadable`, `ArchiveBomb`, `ImportTooLarge`, and what `acceptHeader` throws
 */
export async function* sheetAsCsv(
  { size, parts, sheet }: Workbook,
  { maxUnpackedBytes, ...options }: SheetOptions,
): AsyncGenerator<Buffer> {
  const shared = await sharedTexts(parts, sheet.sharedPath);
  const kinds = await numberKinds(parts, sheet.stylesPath);
  const rows = new RowReader({ ...options, shared, kinds, from1904: sheet.from1904 });
  const most = Math.min(maxUnpackedBytes, Math.max(SMALL_OUTPUT_BYTES, MAX_RATIO * size));
  let written = 0;
  for await (const lines of readXml(await parts.open(sheet.path), rows, () => rows.flush())) {
    written += lines.length;
    if (written > most) throw bomb(`rows of more than ${most} bytes as CSV`);
    yield lines;
  }
}

async function sharedTexts(parts: ZipEntries, path: string): Promise<readonly string[]> {
  const texts: string[] = [];
  if (!parts.has(path)) return texts;
  let size = 0;
  // The pieces are joined once, because a string built by appending takes many times its length.
  let pieces: string[] = [];
  let length = 0;
  let inText = false;
  let phonetic = 0;
  const finish = (): void => {
    if (texts.length >= MAX_SHARED_TEXTS) throw bomb(`more than ${MAX_SHARED_TEXTS} shared texts`);
    texts.push(pieces.join(''));
    pieces = [];
    length = 0;
  };
  await readWholeXml(await parts.open(path), {
    open: (name) => {
      if (name === 'rPh') phonetic += 1;
      inText = name === 't' && phonetic === 0;
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') phonetic -= 1;
      if (name === 'si') finish();
    },
    text: (text) => {
      if (!inText) return;
      pieces.push(text);
      length += text.length;
      size += text.length;
      if (length > MAX_CELL_CHARACTERS) throw unreadable('a cell of more than a million characters');
      if (size > MAX_SHARED_CHARACTERS) throw bomb(`more than ${MAX_SHARED_CHARACTERS} characters of shared text`);
    },
  });
  return texts;
}
