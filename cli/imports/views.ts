/** The commands that show what was imported. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImportLayout } from '../../contracts/imports/schema.ts';
import type {
  ImportedRow,
  ImportFilter,
  ImportOptions,
  ImportView,
  RowFormat,
} from '../../contracts/imports/view.schema.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { type CliContext, withServices } from '../terminal/context.ts';
import { factsTable, note, print, printJson, printList } from '../terminal/output.ts';

/** Options of `perennial imports list`. */
export interface ListImportsOptions extends ImportFilter {
  readonly limit: number;
  readonly json?: boolean;
}

/** `perennial imports list`: lists imports, newest first. */
export async function listImports(context: CliContext, options: ListImportsOptions): Promise<number> {
  const { limit, json: _json, ...filter } = options;
  return withServices(context, async ({ client }) => {
    const page = await client.imports.list(filter, { limit });
    const head = ['id', 'status', 'schema', 'source', 'started', 'read', 'saved', 'rejected'];
    printList(context, { rows: page.imports, page, head, cells: listed, next: page.next });
    return exitCodes.ok;
  });
}

function listed({ id, status, schema, source, createdAt, read, saved, rejected }: ImportView): readonly string[] {
  return [id, status, schema, source, createdAt, String(read), String(saved), String(rejected)];
}

/** `perennial imports status`: shows one import, with the options that it was given. */
export async function showImport(context: CliContext, id: string, options: { json?: boolean }): Promise<number> {
  return withServices(context, async ({ client }) => {
    const view = await client.imports.view(id);
    if (options.json) printJson(context, view);
    else print(context, factsTable(factsOf(view)));
    return view.rejected > 0 || !['running', 'finished'].includes(view.status) ? exitCodes.failed : exitCodes.ok;
  });
}

function factsOf(view: ImportView): Readonly<Record<string, string | number | null | undefined>> {
  const { layout, failure, options } = view;
  return {
    import: view.id,
    status: view.dryRun ? `${view.status} (dry run)` : view.status,
    reason: failure === null ? null : `${failure.type}: ${failure.message}`,
    schema: view.schema,
    dataset: view.dataset,
    source: view.source,
    started: view.createdAt,
    ended: view.finishedAt,
    read: view.read,
    saved: view.saved,
    rejected: view.rejected,
    skipped: view.skipped,
    encoding: encodingText(layout),
    delimiter: layout?.delimiter,
    sheet: layout?.sheet,
    columns: layout?.header.join(', '),
    'ignored columns': layout?.ignored.join(', '),
    'other sheets': layout?.otherSheets?.join(', '),
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [`option ${name}`, optionText(value)])),
  };
}

/** Formats the encoding of a file with what it was told by, and so how sure it is. */
export function encodingText(layout: ImportLayout | null | undefined): string | undefined {
  if (layout === null || layout === undefined) return undefined;
  const { encoding, encodingFrom, mixedEncoding } = layout;
  return `${encoding} (${mixedEncoding ? 'some lines are invalid in it and were rejected' : SURENESS[encodingFrom]})`;
}

const SURENESS: Readonly<Record<ImportLayout['encodingFrom'], string>> = {
  caller: 'as named',
  mark: 'certain, from its byte order mark',
  bytes: 'certain, from its bytes',
  words: 'likely, from its words; --encoding NAME names another',
};

/** Formats an option; a mapping as `E-Mail=email, Nr=id`. */
function optionText(value: ImportOptions[keyof ImportOptions]): string {
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map((pair) => pair.join('='))
    .join(', ');
}

/** Options of `perennial imports rows`. */
export interface RowsOptions {
  readonly limit: number;
  readonly after?: string;
  readonly json?: boolean;
}

/** `perennial imports rows`: shows one page of the rows that are there because of an import. */
export async function showRows(context: CliContext, given: string, options: RowsOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const page = await client.imports.rows(given, { after: options.after, limit: options.limit });
    const next = page.next === null ? null : JSON.stringify(page.next);
    printList(context, { rows: page.rows, page, head: ['line', 'key', 'values'], cells: rowOf, next });
    return exitCodes.ok;
  });
}

function rowOf({ line, key, values }: ImportedRow): readonly string[] {
  return [String(line), key, JSON.stringify(values)];
}

/** Options of `perennial imports export`. */
export interface ExportOptions {
  readonly format: RowFormat;
  /** File to write to instead of standard output. */
  readonly file?: string;
}

/** `perennial imports export`: writes all rows of an import as a file. */
export async function exportImport(context: CliContext, given: string, options: ExportOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const { format, file } = options;
    await write(context, await client.imports.export(given, { format, signal: context.signal }), file);
    return exitCodes.ok;
  });
}

/** `perennial imports rejects`: writes the rejected records of an import with their reasons. */
export async function exportRejects(context: CliContext, given: string, options: { file?: string }): Promise<number> {
  return withServices(context, async ({ client, blobs }) => {
    const { status, rejects, rejected } = await client.imports.view(given);
    if (rejects !== null) {
      await write(context, await blobs.open(rejects), options.file);
      return exitCodes.ok;
    }
    note(context, status === 'running' ? `Still running: ${rejected} rejected so far.` : 'Nothing was rejected.');
    return status === 'running' ? exitCodes.failed : exitCodes.ok;
  });
}

async function write(context: CliContext, content: Readable, output: string | undefined): Promise<void> {
  if (output === undefined) {
    // Standard output takes each part at once, so that no more than one part is in memory.
    for await (const part of content) context.stdout.write(part as Uint8Array); // a stream of a file gives bytes
    return;
  }
  await pipeline(content, createWriteStream(path.resolve(context.cwd, output)), { signal: context.signal });
  note(context, `Wrote ${output}`);
}
