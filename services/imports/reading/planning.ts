/** Detects whether a file is a workbook or CSV, its encoding and its delimiter. It runs in a separate thread. */
import { Readable } from 'node:stream';
import { PerennialError } from '../../../contracts/failures.ts';
import type { ImportLayout } from '../../../contracts/imports/schema.ts';
import type { Encoding } from '../../../contracts/imports/encodings.ts';
import { MAX_RANGES } from '../../../contracts/imports/vocabulary.ts';
import { columnsBy, guessDelimiter, namedDelimiter } from './delimiter.ts';
import type { Detection } from './detection.ts';
import { isReadDirectly, rewriteAsUtf8, sniffEncoding, textDecoderOf } from './encoding.ts';
import { kindOfBytes, kindOfText } from './file-kind.ts';
import { checkHeader, mapColumns, renamed } from './header.ts';
import { encodingOfLines } from './line-encodings.ts';
import { planFile, type FilePlan } from './plan.ts';
import type { PlanLimits, PlannedFile, PlanOptions } from './planning-messages.ts';
import { openWorkbook, sheetAsCsv } from './xlsx/workbook.ts';

/** A file whose bytes can be read from any position. */
export interface PlanSource {
  readonly size: number;
  read(from: number, to: number): AsyncIterable<Buffer>;
}

/** A file, and a place to store its rewritten form. */
export interface PlanFiles {
  readonly file: PlanSource;
  readonly rewrite: (content: AsyncIterable<Uint8Array>) => Promise<PlanSource>;
}

/** Bytes that are examined before the rest. */
const HEAD_BYTES = 256 * 1024;

/**
 * Scans the whole file once; anything but CSV in an encoding that ranges read is rewritten as UTF-8 CSV.
 * @throws PerennialError `EmptyFile`, `ImportColumns`, `ImportUnreadable`, `ImportTooLarge`, `ArchiveBomb`
 */
export async function planImport(files: PlanFiles, options: PlanOptions, limits: PlanLimits): Promise<PlannedFile> {
  const head = await headOf(files.file);
  if (formatOf(head, options.format) === 'xlsx') return planWorkbook(files, options, limits);
  const text = textOf(head, head.length === files.file.size, options.encoding);
  const planned = await planText(files, head, text, options, limits);
  const late = planned.detection === undefined ? undefined : certain(planned.detection);
  if (late === undefined || late === 'windows-1252') return planned.file;
  // The first byte of another encoding stands so far behind that only the whole file has shown it.
  return (await planText(files, head, { ...text, encoding: late, encodingFrom: 'words' }, options, limits)).file;
}

async function planWorkbook(files: PlanFiles, options: PlanOptions, limits: PlanLimits): Promise<PlannedFile> {
  const { schema, key, map, sheet, skipLines } = options;
  const { maxRecordBytes, maxUnpackedBytes } = limits;
  const acceptHeader = (header: readonly string[], line: number): void =>
    checkHeader(renamed(header, map, line), schema, key, line);
  const book = await openWorkbook(files.file, { sheet, maxUnpackedBytes });
  const sheetOptions = { maxUnpackedBytes, maxRecordBytes, skipLines, acceptHeader };
  const file = await files.rewrite(sheetAsCsv(book, sheetOptions));
  const plan = await scan({ file, encoding: 'utf-8', mark: 0, delimiter: ',', skipLines: 0 }, options, limits);
  const { name, others } = book.sheet;
  return { layout: { ...layoutOf(plan, 'xlsx', ',', options), sheet: name, otherSheets: others }, ranges: plan.ranges };
}

/** A planned text, and what all of its lines tell about its encoding. */
interface PlannedText {
  readonly file: PlannedFile;
  readonly detection: Detection | undefined;
}

async function planText(
  files: PlanFiles,
  head: Buffer,
  text: TextFacts,
  options: PlanOptions,
  limits: PlanLimits,
): Promise<PlannedText> {
  const source = await textSource(files, head, text);
  const separator = namedDelimiter(source.start);
  const skipLines = options.skipLines === 0 && separator !== undefined ? 1 : options.skipLines;
  const table = behindLines(source.start, skipLines);
  const delimiter = options.delimiter ?? separator ?? guessDelimiter(table);
  checkDelimiter(table, options.delimiter);
  const { file, encoding, mark } = source;
  const plan = await scan({ file, encoding, mark, delimiter, skipLines }, options, limits);
  const layout = layoutOf(plan, 'csv', delimiter, options);
  const { encoding: known = plan.encoding } = text;
  const encodingFrom = plan.detection === undefined ? text.encodingFrom : 'words';
  return {
    file: { layout: { ...layout, encoding: known, encodingFrom }, ranges: plan.ranges },
    detection: plan.detection,
  };
}

/** Returns the file as it is, or rewritten as UTF-8, and the beginning of its text. */
async function textSource(
  files: PlanFiles,
  head: Buffer,
  text: TextFacts,
): Promise<Pick<Source, 'file' | 'encoding' | 'mark'> & { readonly start: Buffer }> {
  const { encoding, mark } = text;
  if (isReadDirectly(encoding) && !text.returnsOnly)
    return { file: files.file, encoding, mark, start: head.subarray(mark) };
  const file = await rewritten(files, text);
  return { file, encoding: 'utf-8', mark: 0, start: await headOf(file) };
}

/** Returns the bytes after some lines. */
function behindLines(bytes: Buffer, lines: number): Buffer {
  let from = 0;
  for (let line = 0; line < lines; line += 1) {
    const lineEnd = bytes.indexOf(0x0a, from);
    if (lineEnd < 0) return bytes.subarray(bytes.length);
    from = lineEnd + 1;
  }
  return bytes.subarray(from);
}

/** Refuses a delimiter that the caller names and the file lacks, because all columns would become one. */
function checkDelimiter(table: Buffer, wanted: string | undefined): void {
  if (wanted === undefined || columnsBy(table, wanted) > 1) return;
  const seen = guessDelimiter(table);
  const count = columnsBy(table, seen);
  if (seen === wanted || count <= 1) return;
  throw new PerennialError(
    'ImportColumns',
    `delimiter: expected one that the header holds, got ${JSON.stringify(wanted)}; ${JSON.stringify(seen)} cuts it into ${count} columns`,
  );
}

/** The file that is cut into ranges. */
interface Source {
  readonly file: PlanSource;
  readonly encoding: Encoding | undefined;
  readonly mark: number;
  readonly delimiter: string;
  readonly skipLines: number;
}

function scan(source: Source, { schema, key, map, headerRow }: PlanOptions, limits: PlanLimits): Promise<FilePlan> {
  const { file, ...given } = source;
  const rangeBytes = Math.max(limits.minRangeBytes, Math.ceil(file.size / MAX_RANGES));
  const options = { ...given, headerRow, maxRecordBytes: limits.maxRecordBytes, rangeBytes };
  return planFile(file.read(0, file.size), options, (header, line) => {
    const names = renamed(header, map, line);
    checkHeader(names, schema, key, line);
    return names;
  });
}

function layoutOf(
  plan: FilePlan,
  format: 'csv' | 'xlsx',
  delimiter: string,
  { schema, key }: PlanOptions,
): ImportLayout {
  return {
    format,
    encoding: plan.encoding,
    encodingFrom: 'bytes',
    mixedEncoding: plan.mixedEncoding,
    delimiter,
    header: [...plan.header],
    ignored: [...mapColumns(plan.header, schema, key).ignored],
    bytes: plan.ranges.reduce((bytes, { from, to }) => bytes + to - from, 0),
    lines: plan.lines,
  };
}

async function headOf(file: PlanSource): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of file.read(0, Math.min(file.size, HEAD_BYTES))) blocks.push(block);
  return Buffer.concat(blocks);
}

function formatOf(head: Buffer, wanted: 'csv' | 'xlsx' | undefined): 'csv' | 'xlsx' {
  const zip = head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]));
  if (zip && wanted !== 'csv') return 'xlsx';
  const foreign = kindOfBytes(head);
  if (foreign !== undefined || wanted === 'xlsx') throw unreadable(foreign ?? 'another kind of file');
  return 'csv';
}

interface TextFacts {
  /** `undefined` when only the whole file tells whether it is UTF-8 or windows-1252. */
  readonly encoding: Encoding | undefined;
  readonly encodingFrom: ImportLayout['encodingFrom'];
  readonly mark: number;
  /** True when lines end with a carriage return alone. */
  readonly returnsOnly: boolean;
}

function textOf(head: Buffer, whole: boolean, wanted: Encoding | undefined): TextFacts {
  const sniffed = sniffEncoding(head);
  // A byte order mark tells more certainly than the caller.
  const named = sniffed.mark > 0 ? sniffed.encoding : (wanted ?? sniffed.encoding);
  const beginning = head.subarray(sniffed.mark, sniffed.mark + KIND_BYTES);
  const kind = kindOfText(textDecoderOf(named ?? 'windows-1252', false).decode(beginning));
  if (kind !== undefined) throw unreadable(kind);
  const returnsOnly = head.includes(0x0d) && !head.includes(0x0a);
  const { mark } = sniffed;
  if (named === undefined) return { ...legacyOf(head, whole, returnsOnly), mark, returnsOnly };
  const from = wanted === undefined ? 'bytes' : 'caller';
  return { encoding: named, encodingFrom: mark > 0 ? 'mark' : from, mark, returnsOnly };
}

function legacyOf(head: Buffer, whole: boolean, returnsOnly: boolean): Pick<TextFacts, 'encoding' | 'encodingFrom'> {
  const seen = encodingOfLines(head, whole);
  // What the first lines leave open, the whole file may tell.
  const encoding = seen === undefined || (!whole && seen.encoding === undefined) ? undefined : certain(seen);
  // A file whose first lines are windows-1252 may be a mixture, which only the whole file tells.
  const isOpen = encoding === undefined || (encoding === 'windows-1252' && !returnsOnly);
  return isOpen ? { encoding: undefined, encodingFrom: 'bytes' } : { encoding, encodingFrom: 'words' };
}

/** Bytes by which a kind of text is told. */
const KIND_BYTES = 16 * 1024;

/**
 * Returns the encoding that was detected.
 * @throws PerennialError `ImportUnreadable` when several fit, because a wrong one would be saved in silence
 */
function certain({ encoding, candidates }: Detection): Encoding {
  if (encoding !== undefined) return encoding;
  const found =
    candidates.length === 0 ? 'bytes of another one' : `text that reads as ${candidates.slice(0, 4).join(', or as ')}`;
  throw new PerennialError(
    'ImportUnreadable',
    `Expected text in UTF-8, or words that show their encoding, got ${found}. Name the encoding (--encoding NAME), for example ${candidates[0] ?? 'windows-1252, windows-1251 or shift_jis'}.`,
  );
}

function rewritten({ file, rewrite }: PlanFiles, text: TextFacts): Promise<PlanSource> {
  const rewriting = rewriteAsUtf8(text.encoding ?? 'utf-8', text.mark, text.returnsOnly);
  const source = Readable.from(file.read(0, file.size), { objectMode: false });
  source.on('error', (error) => rewriting.destroy(error));
  return rewrite(source.pipe(rewriting));
}

function unreadable(found: string): PerennialError {
  return new PerennialError(
    'ImportUnreadable',
    `Expected CSV or an XLSX workbook, found ${found}. Save it as one of these.`,
  );
}
