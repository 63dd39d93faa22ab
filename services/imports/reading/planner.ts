/** Finds out what a stored file is: workbook or CSV, in which encoding, with which delimiter. */
import type { ImportLayout, StoredFile } from '../../../contracts/imports/schema.ts';
import type { Encoding, ImportSchema } from '../../../contracts/imports/vocabulary.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { MAX_RANGES } from '../../../contracts/imports/vocabulary.ts';
import { rewriteAsUtf8, sniffEncoding } from './encoding.ts';
import { checkHeader, mapColumns } from './header.ts';
import { guessDelimiter, planFile, type FilePlan, type PlannedRange } from './plan.ts';
import type { StoredFiles } from '../port.ts';
import { sheetAsCsv } from './xlsx/workbook.ts';
import type { ZipLimits } from './xlsx/zip.ts';
import { Readable } from 'node:stream';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';

/** Settings of {@link createPlanner}. */
export interface PlannerOptions {
  readonly maxRecordBytes: number;
  /** Of a workbook, unpacked. */
  readonly maxUnpackedBytes: number;
  /** Smallest range; larger files have larger ones, so that there are never more than 64. @defaultValue 8 MB */
  readonly minRangeBytes?: number;
}

interface Wishes {
  readonly schema: ImportSchema;
  readonly key: string | undefined;
  readonly format: 'csv' | 'xlsx' | undefined;
  readonly delimiter: string | undefined;
  readonly encoding: Encoding | undefined;
  readonly sheet: string | undefined;
}

type Rewrite = (content: AsyncIterable<Uint8Array>) => Promise<StoredFile>;

interface Planned {
  readonly layout: ImportLayout;
  readonly rewritten: StoredFile | null;
  readonly ranges: readonly PlannedRange[];
}

/** What the planner offers to the activities. */
export interface Planner {
  plan(file: StoredFile, wishes: Wishes, rewrite: Rewrite, signal: AbortSignal): Promise<Planned>;
}

/** Bytes that are looked at before the rest. */
const HEAD_BYTES = 256 * 1024;

const MIN_RANGE_BYTES = 8 * BYTES_PER_MB;

/** Genuine sheets pack about ten times; two hundred times is somebody's joke. */
const MAX_RATIO = 200;

/** Makes a planner over stored files. */
export function createPlanner(files: StoredFiles, options: PlannerOptions): Planner {
  return {
    plan: async (file, wishes, rewrite, signal) => {
      const head = await headOf(files, file);
      const format = formatOf(head, wishes.format);
      const text = format === 'csv' ? textOf(head, wishes.encoding) : NO_TEXT;
      const rewritten = await rewriteIfNeeded(files, file, { format, text, wishes, options, rewrite });
      const source: Source =
        rewritten === null
          ? { file, head, encoding: text.encoding, mark: text.mark }
          : { file: rewritten, head: await headOf(files, rewritten), encoding: 'utf-8', mark: 0 };
      const delimiter =
        format === 'xlsx' ? ',' : (wishes.delimiter ?? guessDelimiter(source.head.subarray(source.mark)));
      const plan = await planSource(files, source, delimiter, wishes, options, signal);
      return { layout: layoutOf(plan, format, delimiter, wishes), rewritten, ranges: plan.ranges };
    },
  };
}

/** The file that is cut into ranges. */
interface Source {
  readonly file: StoredFile;
  readonly head: Buffer;
  readonly encoding: Encoding | undefined;
  readonly mark: number;
}

function planSource(
  files: StoredFiles,
  { file, encoding, mark }: Source,
  delimiter: string,
  { schema, key }: Wishes,
  { maxRecordBytes, minRangeBytes = MIN_RANGE_BYTES }: PlannerOptions,
  signal: AbortSignal,
): Promise<FilePlan> {
  const rangeBytes = Math.max(minRangeBytes, Math.ceil(file.size / MAX_RANGES));
  return planFile(
    files.read(file, 0, file.size),
    { encoding, delimiter, mark, maxRecordBytes, rangeBytes, signal },
    (header) => checkHeader(header, schema, key),
  );
}

function layoutOf(plan: FilePlan, format: 'csv' | 'xlsx', delimiter: string, { schema, key }: Wishes): ImportLayout {
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

async function headOf(files: StoredFiles, file: StoredFile): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of files.read(file, 0, Math.min(file.size, HEAD_BYTES))) blocks.push(block);
  return Buffer.concat(blocks);
}

function formatOf(head: Buffer, wanted: 'csv' | 'xlsx' | undefined): 'csv' | 'xlsx' {
  const zip = head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]));
  if (wanted === 'xlsx' && !zip) throw unreadable('something that is no workbook');
  if (zip && wanted !== 'csv') return 'xlsx';
  const foreign = KNOWN.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
  if (foreign !== undefined) throw unreadable(foreign.name);
  return 'csv';
}

/** What people send in place of CSV, by its first bytes. */
const KNOWN: readonly { readonly name: string; readonly bytes: readonly number[] }[] = [
  { name: 'a compressed file (gzip)', bytes: [0x1f, 0x8b] },
  { name: 'a PDF', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { name: 'a workbook of Excel before 2007', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'a PNG image', bytes: [0x89, 0x50, 0x4e, 0x47] },
];

interface TextFacts {
  readonly encoding: Encoding | undefined;
  readonly mark: number;
  /** Lines end with a carriage return alone. */
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
  files: StoredFiles,
  file: StoredFile,
  work: {
    readonly format: 'csv' | 'xlsx';
    readonly text: TextFacts;
    readonly wishes: Wishes;
    readonly options: PlannerOptions;
    readonly rewrite: Rewrite;
  },
): Promise<StoredFile | null> {
  const { text, wishes, options, rewrite } = work;
  if (work.format === 'xlsx') {
    const limits: ZipLimits = { maxEntries: 10_000, maxBytes: options.maxUnpackedBytes, maxRatio: MAX_RATIO };
    const source = { size: file.size, read: (from: number, to: number) => files.read(file, from, to) };
    return rewrite(sheetAsCsv(source, wishes.sheet, limits));
  }
  if (!text.returnsOnly && text.encoding?.startsWith('utf-16') !== true) return null;
  const rewriting = rewriteAsUtf8(text.encoding ?? 'utf-8', text.mark, text.returnsOnly);
  const source = Readable.from(files.read(file, 0, file.size), { objectMode: false });
  source.on('error', (error) => rewriting.destroy(error));
  return rewrite(source.pipe(rewriting));
}

function unreadable(found: string): PerennialError {
  return new PerennialError(
    'ImportUnreadable',
    `Expected CSV or an XLSX workbook, found ${found}. Save it as one of these.`,
  );
}
