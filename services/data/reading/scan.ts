/** Scans an upload as imports do: its format, its encoding, its header, and where its rows stand. */
import type { FileOptions } from '../../../contracts/data/schema.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { type Encoding, ENCODING_EXPECTED, encodingOf } from '../../../contracts/imports/encodings.ts';
import type { StoredFile } from '../../../contracts/imports/schema.ts';
import { importSchemas } from '../../../contracts/imports/vocabulary.ts';
import type { Planner } from '../../imports/reading/planner.ts';
import type { StoredFiles } from '../../imports/port.ts';
import type { ScannedTable, TableScanner } from '../port.ts';

/** Parts of {@link createTableScanner}. */
export interface TableScannerParts {
  readonly planner: Pick<Planner, 'plan'>;
  readonly stored: StoredFiles;
  /** Largest file, in bytes. */
  readonly maxFileBytes: number;
}

/** Creates the scanner; workbooks, and texts in encodings that cannot be cut, are rewritten as CSV in UTF-8. */
export function createTableScanner({ planner, stored, maxFileBytes }: TableScannerParts): TableScanner {
  const rewrite = async (content: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): Promise<StoredFile> => {
    let size = 0;
    const parts = await stored.store('data/tables', content, {
      maxBytes: 2 * maxFileBytes,
      onPart: (part) => {
        size += part.size;
        onBytes(size);
        return Promise.resolve();
      },
    });
    return { parts: [...parts], size, sha256: '' };
  };
  return async (blob, options, { signal, onBytes }) => {
    const file: StoredFile = { parts: [blob], size: blob.size, sha256: blob.sha256 };
    const planned = await planner.plan(file, planOptions(options), (content) => rewrite(content, onBytes), signal);
    return scanned(file, planned);
  };
}

function planOptions(options: FileOptions): Parameters<Planner['plan']>[1] {
  const { format, delimiter, encoding, sheet, headerRow, skipLines = 0 } = options;
  return {
    schema: importSchemas.records,
    key: undefined,
    format,
    delimiter,
    encoding: encoding === undefined ? undefined : requireEncoding(encoding),
    sheet,
    skipLines: headerRow === undefined ? skipLines : headerRow - 1,
    headerRow,
    map: {},
  };
}

function requireEncoding(label: string): Encoding {
  const encoding = encodingOf(label);
  if (encoding !== undefined) return encoding;
  throw new PerennialError('InvalidInput', `encoding: expected ${ENCODING_EXPECTED}, got another text`);
}

function scanned(file: StoredFile, { layout, ranges, rewritten }: Awaited<ReturnType<Planner['plan']>>): ScannedTable {
  const { format, delimiter, header, encoding, sheet } = layout;
  const [first, last] = [ranges[0], ranges.at(-1)];
  return {
    seen: { format, encoding, delimiter, ...(sheet === undefined ? {} : { sheet }) },
    place: {
      // A rewritten file is UTF-8, whatever the encoding of the original.
      layout: { format, delimiter, header, encoding: rewritten === null ? encoding : 'utf-8' },
      file: rewritten ?? file,
      from: first?.from ?? 0,
      to: last?.to ?? 0,
      line: first?.line ?? 1,
    },
  };
}
