import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BatchHandle } from '../../client/index.ts';
import type { DocumentView } from '../../contracts/documents/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { DocumentResult } from '../../services/documents/port.ts';
import { askApi, writeDownload } from '../terminal/api-files.ts';
import { UsageError, withServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { allOutcomes, reportBatch } from './follow.ts';
import { findTarget } from './lookup.ts';
import { note, printable } from '../terminal/output.ts';
import type { DocumentContext, DocumentServices } from './ports.ts';

/** Forms of a result that the API makes. */
type PdfFormat = 'pdf' | 'pdfa';

/** Options of `perennial result`. */
export interface ResultOptions {
  readonly format: 'text' | 'json' | PdfFormat;
  /** File to write to instead of standard output. */
  readonly file?: string;
}

/** `perennial result`: prints the text of a document or of all documents of a batch. */
export async function result(context: DocumentContext, id: string, options: ResultOptions): Promise<number> {
  if (isPdf(options.format) && options.file === undefined && context.stdout.isTTY) {
    throw new UsageError('A PDF is no text for a terminal: name a file with --file FILE.');
  }
  return withServices(context, async (services) => {
    const target = await findTarget(services, id);
    if (target.kind === 'batch') return batchResult(context, services, target.batch, options);
    if (isPdf(options.format)) await writePdf(context, services, target.view, options.format, options.file);
    else
      await write(
        context,
        options.file,
        documentText(target.view, await resultOf(services, target.view), options.format),
      );
    return exitCodes.ok;
  });
}

function isPdf(format: ResultOptions['format']): format is PdfFormat {
  return format === 'pdf' || format === 'pdfa';
}

async function resultOf(
  { documents }: DocumentServices,
  { id, status, failure }: DocumentView,
): Promise<DocumentResult> {
  const found = await documents.result(id);
  if (found !== undefined) return found;
  const why = failure === null ? '' : ` (${failure.type}: ${failure.message})`;
  throw new PerennialError('DocumentNotRead', `The document '${id}' is ${status}${why}.`);
}

function documentText({ id, name }: DocumentView, found: DocumentResult, format: 'text' | 'json'): string {
  return format === 'json'
    ? `${JSON.stringify({ document_id: id, name, ...found }, null, 2)}\n`
    : `${found.text.trimEnd()}\n`;
}

/** Prints the texts of a batch in the order of its input, with one document in memory at a time. */
async function batchResult(
  context: DocumentContext,
  services: DocumentServices,
  batch: BatchHandle,
  options: ResultOptions,
): Promise<number> {
  if (isPdf(options.format)) throw new UsageError('A batch has no PDF: name one of its documents.');
  if (options.format === 'json') {
    if (options.file !== undefined)
      throw new UsageError('The JSON of a batch goes to standard output: send it to a file with >.');
    return reportBatch(context, services, batch, true);
  }
  const outcomes = await allOutcomes(services, batch.id);
  const texts = async function* (): AsyncGenerator<string> {
    for (const { documentId, name, status, failure } of outcomes) {
      const found =
        status === 'completed' && documentId !== null ? await services.documents.result(documentId) : undefined;
      const body = found?.text.trimEnd() ?? `(${failure === null ? status : `${failure.type}: ${failure.message}`})`;
      yield `==> ${printable(name)} <==\n${body}\n\n`;
    }
  };
  if (options.file === undefined) for await (const text of texts()) writeText(context, text);
  else await pipeline(Readable.from(texts()), createWriteStream(path.resolve(context.cwd, options.file)));
  return outcomes.every(({ status }) => status === 'completed') ? exitCodes.ok : exitCodes.failed;
}

async function write(context: DocumentContext, output: string | undefined, text: string): Promise<void> {
  if (output === undefined) writeText(context, text);
  else {
    await pipeline(Readable.from([text]), createWriteStream(path.resolve(context.cwd, output)));
    note(context, `Wrote ${output}`);
  }
}

/** Removes control characters for a terminal, which would obey them; a file or a pipe gets the text as it is. */
function writeText({ stdout }: DocumentContext, text: string): void {
  stdout.write(stdout.isTTY ? printable(text) : text);
}

/** Fetches the PDF from the API, which can draw pages. */
async function writePdf(
  context: DocumentContext,
  services: DocumentServices,
  view: DocumentView,
  format: PdfFormat,
  output: string | undefined,
): Promise<void> {
  await resultOf(services, view);
  const { body, headers } = await askApi(services, `/v1/documents/${view.id}/result?format=${format}`, {
    signal: context.signal,
  });
  const pages = headers.get('perennial-pages') ?? '';
  const reason = /; reason=(\w+)/.exec(pages)?.[1];
  if (reason !== undefined)
    note(context, `The pages are pictures without links and forms, because the original was not copied: ${reason}`);
  if (pages.includes('signatures=invalid'))
    note(context, 'The digital signatures of the document do not count in this copy. The original is unchanged.');
  await writeDownload(context, body, output);
}
