/** Converts a sheet of a workbook to lines of CSV, row by row, so that it is processed like any other file. */
import { posix } from 'node:path';
import { PerennialError } from '../../../../contracts/failures.ts';
import { isDateFormat } from './cells.ts';
import {
  MAX_CELL_CHARACTERS,
  MAX_RATIO,
  MAX_SHARED_CHARACTERS,
  MAX_SHARED_TEXTS,
  MAX_SHEETS,
  MAX_STYLES,
  SMALL_OUTPUT_BYTES,
} from './limits.ts';
import { RowReader, type RowOptions } from './rows.ts';
import { readWholeXml, readXml } from './xml.ts';
import { bomb, openZip, unreadable, type ByteSource, type ZipEntries } from './zip.ts';

/** Settings for reading a sheet. */
export interface SheetOptions extends Pick<RowOptions, 'maxRecordBytes' | 'acceptHeader'> {
  /** Name of the sheet; the first sheet when absent. */
  readonly sheet: string | undefined;
  /** Limit for all parts together and for the resulting CSV, in bytes. */
  readonly maxUnpackedBytes: number;
}

/**
 * Yields the rows of a sheet as CSV in UTF-8: line n is row n. Line ends inside cells become spaces, so that lines can
 * be counted.
 * @throws PerennialError `ImportUnreadable`, `ArchiveBomb`, `ImportTooLarge`, and what `acceptHeader` throws
 */
export async function* sheetAsCsv(source: ByteSource, options: SheetOptions): AsyncGenerator<Buffer> {
  const { sheet, maxUnpackedBytes, maxRecordBytes, acceptHeader } = options;
  const parts = await openZip(source, { maxBytes: maxUnpackedBytes });
  const path = await sheetPath(parts, sheet);
  const shared = await sharedTexts(parts);
  const dates = await dateStyles(parts);
  const rows = new RowReader({ shared, dates, maxRecordBytes, acceptHeader });
  const most = Math.min(maxUnpackedBytes, Math.max(SMALL_OUTPUT_BYTES, MAX_RATIO * source.size));
  let written = 0;
  for await (const lines of readXml(await parts.open(path), rows, () => rows.flush())) {
    written += lines.length;
    if (written > most) throw bomb(`rows of more than ${most} bytes as CSV`);
    yield lines;
  }
}

async function sheetPath(parts: ZipEntries, wanted: string | undefined): Promise<string> {
  const sheets: { name: string; id: string }[] = [];
  if (!parts.has('xl/workbook.xml')) throw unreadable('an archive without a workbook');
  await readWholeXml(await parts.open('xl/workbook.xml'), {
    open: (name, attributes) => {
      if (name !== 'sheet') return;
      if (sheets.length >= MAX_SHEETS) throw bomb(`more than ${MAX_SHEETS} sheets`);
      sheets.push({ name: attributes['name'] ?? '', id: attributes['r:id'] ?? '' });
    },
  });
  const sheet = wanted === undefined ? sheets[0] : sheets.find(({ name }) => name === wanted);
  if (sheet === undefined) {
    const names = sheets.slice(0, 10).map(({ name }) => `'${name.slice(0, 40)}'`);
    throw new PerennialError('ImportUnreadable', `sheet: expected one of ${names.join(', ')}, got '${wanted ?? ''}'.`);
  }
  const targets = new Map<string, string>();
  await readWholeXml(await parts.open('xl/_rels/workbook.xml.rels'), {
    open: (name, { Id = '', Target = '' }) => {
      if (name !== 'Relationship') return;
      if (targets.size >= MAX_SHEETS) throw bomb(`more than ${MAX_SHEETS} relationships`);
      targets.set(Id, Target);
    },
  });
  const target = targets.get(sheet.id) ?? 'worksheets/sheet1.xml';
  return target.startsWith('/') ? target.slice(1) : posix.join('xl', target);
}

async function sharedTexts(parts: ZipEntries): Promise<readonly string[]> {
  const texts: string[] = [];
  if (!parts.has('xl/sharedStrings.xml')) return texts;
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
  await readWholeXml(await parts.open('xl/sharedStrings.xml'), {
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

/** Returns for each cell style whether its numbers are dates. */
async function dateStyles(parts: ZipEntries): Promise<readonly boolean[]> {
  const styles: boolean[] = [];
  if (!parts.has('xl/styles.xml')) return styles;
  /** For each custom format of the workbook, whether it shows dates. */
  const formats = new Map<string, boolean>();
  let inCells = false;
  await readWholeXml(await parts.open('xl/styles.xml'), {
    open: (name, attributes) => {
      const id = attributes['numFmtId'] ?? '0';
      if (name === 'numFmt') formats.set(id, isDateFormat(Number(id), attributes['formatCode'] ?? ''));
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) styles.push(formats.get(id) ?? isDateFormat(Number(id), undefined));
      if (styles.length + formats.size > 2 * MAX_STYLES) throw bomb(`more than ${MAX_STYLES} styles`);
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}
