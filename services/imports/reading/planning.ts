/** Detects whether a file is a workbook or CSV, its encoding and its delimiter. It runs in a separate thread. */
import { Readable } from 'node:stream';
import { PerennialError } from '../../../contracts/failures.ts';
import type { ImportLayout } from '../../../contracts/imports/schema.ts';
import { type Encoding, MAX_RANGES } from '../../../contracts/imports/vocabulary.ts';
import { rewriteAsUtf8, sniffEncoding } from './encoding.ts';
import { checkHeader, mapColumns } from './header.ts';
import { guessDelimiter, planFile, type FilePlan } from './plan.ts';
import type { PlanLimits, PlannedFile, PlanWishes } from './planning-messages.ts';
import { sheetAsCsv } from './xlsx/workbook.ts';

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
 * Scans the whole file once; anything but UTF-8 CSV is rewritten as UTF-8 CSV.
 * @throws PerennialError `EmptyFile`, `ImportColumns`, `ImportUnreadable`, `ImportTooLarge`, `ArchiveBomb`
 */
export async function planImport(files: PlanFiles, wishes: PlanWishes, limits: PlanLimits): Promise<PlannedFile> {
  const { file } = files;
  const head = await headOf(file);
  const format = formatOf(head, wishes.format);
  const text = format === 'csv' ? textOf(head, wishes.encoding) : NO_TEXT;
  const rewritten = await rewriteIfNeeded(files, { format, text, wishes, limits });
  const source: Source =
    rewritten === null
      ? { file, head, encoding: text.encoding, mark: text.mark }
      : { file: rewritten, head: await headOf(rewritten), encoding: 'utf-8', mark: 0 };
  const delimiter = format === 'xlsx' ? ',' : (wishes.delimiter ?? guessDelimiter(source.head.subarray(source.mark)));
  const plan = await planSource(source, delimiter, wishes, limits);
  return { layout: layoutOf(plan, format, delimiter, wishes), ranges: plan.ranges };
}

/** The file that is cut into ranges. */
interface Source {
  readonly file: PlanSource;
  readonly head: Buffer;
  readonly encoding: Encoding | undefined;
  readonly mark: number;
}

function planSource(
  { file, encoding, mark }: Source,
  delimiter: string,
  { schema, key }: PlanWishes,
  { maxRecordBytes, minRangeBytes }: PlanLimits,
): Promise<FilePlan> {
  const rangeBytes = Math.max(minRangeBytes, Math.ceil(file.size / MAX_RANGES));
  return planFile(file.read(0, file.size), { encoding, delimiter, mark, maxRecordBytes, rangeBytes }, (header) =>
    checkHeader(header, schema, key),
  );
}

function layoutOf(
  plan: FilePlan,
  format: 'csv' | 'xlsx',
  delimiter: string,
  { schema, key }: PlanWishes,
): ImportLayout {
  return {
    format,
    encoding: plan.encoding,
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
  if (wanted === 'xlsx' && !zip) throw unreadable('another kind of file');
  if (zip && wanted !== 'csv') return 'xlsx';
  const foreign = KNOWN.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
  if (foreign !== undefined) throw unreadable(foreign.name);
  return 'csv';
}

/** File types that are often uploaded instead of CSV, by their first bytes. */
const KNOWN: readonly { readonly name: string; readonly bytes: readonly number[] }[] = [
  { name: 'a compressed file (gzip)', bytes: [0x1f, 0x8b] },
  { name: 'a PDF', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { name: 'a workbook of Excel before 2007', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'a PNG image', bytes: [0x89, 0x50, 0x4e, 0x47] },
];

interface TextFacts {
  readonly encoding: Encoding | undefined;
  readonly mark: number;
  /** True when lines end with a carriage return alone. */
  readonly returnsOnly: boolean;
}

const NO_TEXT: TextFacts = { encoding: 'utf-8', mark: 0, returnsOnly: false };

function textOf(head: Buffer, wanted: Encoding | undefined): TextFacts {
  const sniffed = sniffEncoding(head);
  const encoding = wanted ?? sniffed.encoding;
  const mark = sniffed.encoding === encoding ? sniffed.mark : 0;
  return { encoding, mark, returnsOnly: head.includes(0x0d) && !head.includes(0x0a) };
}

async function rewriteIfNeeded(
  { file, rewrite }: PlanFiles,
  work: {
    readonly format: 'csv' | 'xlsx';
    readonly text: TextFacts;
    readonly wishes: PlanWishes;
    readonly limits: PlanLimits;
  },
): Promise<PlanSource | null> {
  const { text, wishes, limits } = work;
  if (work.format === 'xlsx') {
    const { maxRecordBytes, maxUnpackedBytes } = limits;
    const acceptHeader = (header: readonly string[]): void => checkHeader(header, wishes.schema, wishes.key);
    return rewrite(sheetAsCsv(file, { sheet: wishes.sheet, maxUnpackedBytes, maxRecordBytes, acceptHeader }));
  }
  if (!text.returnsOnly && text.encoding?.startsWith('utf-16') !== true) return null;
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
