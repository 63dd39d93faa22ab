import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PerennialError } from '../../contracts/failures.ts';
import type { ReportResult } from '../../client/index.ts';
import type { ReportKind } from '../../contracts/reports/vocabulary.ts';
import type { ReportStart, ReportView } from '../../contracts/reports/schema.ts';
import { starting, UsageError, withServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { factsTable, note, print, printJson, printList } from '../terminal/output.ts';
import type { ReportContext } from './ports.ts';

/** Options of every command that writes a report. */
export interface WriteOptions {
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** `perennial report daily`, `weekly`, `monthly`, `user`, `run` and `export`: writes a report and prints the result. */
export async function writeReport(context: ReportContext, input: ReportStart, options: WriteOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const job = await starting(client.reports.start(input));
    if (options.wait !== true) {
      if (options.json) printJson(context, { id: job.id });
      else print(context, `Started ${job.id}`);
      return exitCodes.ok;
    }
    const result = await job.result({ signal: context.signal });
    if (options.json) printJson(context, { id: job.id, result });
    else print(context, factsTable(factsOf(result)));
    return exitCodes.ok;
  });
}

function factsOf(result: ReportResult): Parameters<typeof factsTable>[0] {
  return 'period' in result ? { ...result, period: daysOf(result.period) } : { ...result };
}

const daysOf = ({ start, end }: { readonly start: string; readonly end: string }): string =>
  start === end ? start : `${start} to ${end}`;

/** Options of `perennial report list`. */
export interface ListReportsOptions {
  readonly user?: string;
  readonly kind?: ReportKind;
  readonly limit: number;
  readonly after?: string;
  readonly json?: boolean;
}

/** `perennial report list`: lists reports, newest first. */
export async function listReports(context: ReportContext, options: ListReportsOptions): Promise<number> {
  return withServices(context, async ({ reports }) => {
    const { user, kind, limit, after } = options;
    const page = await reports.list({
      limit,
      ...(user === undefined ? {} : { userId: user }),
      ...(kind === undefined ? {} : { kind }),
      ...(after === undefined ? {} : { after }),
    });
    const head = ['id', 'report', 'user', 'period', 'documents', 'status'];
    printList(context, { rows: page.reports, page, head, cells: rowOf, next: page.next });
    return exitCodes.ok;
  });
}

function rowOf({ id, title, userId, period, documents, status }: ReportView): readonly string[] {
  return [id, title, userId ?? '', daysOf(period), String(documents), status];
}

/** `perennial report get`: writes the file of a report to a file or to standard output. */
export async function getReport(context: ReportContext, id: string, options: { file?: string }): Promise<number> {
  if (options.file === undefined && context.stdout.isTTY)
    throw new UsageError('A report is no text for a terminal: name a file with --file FILE.');
  return withServices(context, async ({ reports, blobs }) => {
    const files = await reports.files(id);
    if (files === undefined) throw new PerennialError('ReportNotFound', `No report has the id '${id}'.`);
    const content = await blobs.open(files.file);
    if (options.file === undefined) {
      for await (const part of content) context.stdout.write(part as Uint8Array); // a stream of a blob gives bytes
      return exitCodes.ok;
    }
    await pipeline(content, createWriteStream(path.resolve(context.cwd, options.file)));
    note(context, `Wrote ${options.file}`);
    return exitCodes.ok;
  });
}
