import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ImportHandle } from '../../client/index.ts';
import type { ImportInput, ImportResult } from '../../contracts/imports/schema.ts';
import type { ImportProgress } from '../../contracts/imports/vocabulary.ts';
import { requireAllowed } from '../terminal/allowed-paths.ts';
import { starting, withServices, type CliContext, type CliServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { factsTable, note, print, printJson } from '../terminal/output.ts';
import { encodingText } from './views.ts';

/** Options of `perennial import`, as commander gives them. */
export interface ImportOptions {
  readonly schema?: string;
  readonly dataset?: string;
  readonly key?: string;
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly format?: 'csv' | 'xlsx';
  readonly sheet?: string;
  readonly skipLines?: number;
  readonly headerRow?: number;
  /** Names that columns are to have, by their name in the file. */
  readonly map: Readonly<Record<string, string>>;
  readonly dateFormat?: string;
  readonly decimal?: '.' | ',';
  readonly sha256?: string;
  readonly onConflict?: 'update' | 'skip';
  readonly id?: string;
  /** File to which the rejected records are written. */
  readonly rejects?: string;
  readonly dryRun?: boolean;
  readonly startOcr?: boolean;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `perennial import`: imports a file from a URL or a path. */
export async function importFile(context: CliContext, source: string, options: ImportOptions): Promise<number> {
  return withServices(context, async (services) => {
    const input = inputOf(context, source, options);
    const { path: file } = input.source;
    if (file !== undefined) await requireAllowed(services, [file]);
    const job = await starting(services.client.imports.start(input, { id: options.id }));
    const { id = job.id } = options; // an id is answered as it was typed
    if (options.follow === true || options.rejects !== undefined) {
      note(context, `Started ${id}`);
      return followImport(context, services, job, options);
    }
    if (options.json === true) printJson(context, { id });
    else print(context, `Started ${id}`);
    return exitCodes.ok;
  });
}

function inputOf({ cwd }: CliContext, source: string, options: ImportOptions): ImportInput {
  const { id: _id, rejects: _rejects, follow: _follow, json: _json, map, startOcr, ...given } = options;
  return {
    source: /^https?:\/\//i.test(source) ? { url: source } : { path: path.resolve(cwd, source) },
    // Options that were not given are not sent, because only the workflow knows the defaults.
    ...given,
    ...(Object.keys(map).length === 0 ? {} : { map }),
    ...(startOcr === true ? { startOcr: true as const } : {}),
  };
}

async function followImport(
  context: CliContext,
  services: CliServices,
  job: ImportHandle,
  options: ImportOptions,
): Promise<number> {
  await showProgress(context, job);
  if (context.signal.aborted) {
    note(context, `The import continues as ${job.id}.`);
    return exitCodes.interrupted;
  }
  const result = await job.result();
  if (options.rejects !== undefined && result.rejects !== undefined) {
    const file = path.resolve(context.cwd, options.rejects);
    await pipeline(await services.blobs.open(result.rejects), createWriteStream(file));
    note(context, `Rejected records: ${file}`);
  }
  if (options.json === true) printJson(context, result);
  else print(context, factsTable(factsOf(result)));
  return result.status === 'partial' ? exitCodes.failed : exitCodes.ok;
}

/** Time between two progress lines when the output is not a terminal, in milliseconds. */
const LINE_EVERY_MS = 5_000;

async function showProgress(context: CliContext, job: ImportHandle): Promise<void> {
  const live = context.stderr.isTTY === true;
  let shownAt = 0;
  for await (const progress of job.follow({ signal: context.signal })) {
    if (live) context.stderr.write(`\r\u001b[K${importLine(progress)}`);
    else if (Date.now() - shownAt >= LINE_EVERY_MS) {
      note(context, importLine(progress));
      shownAt = Date.now();
    }
  }
  if (live) context.stderr.write('\n');
}

/** Formats the progress of an import, for example `saving: 40 % of 12.0 MB, 4000 read, 3990 saved, 10 rejected, about 20 s left`. */
export function importLine(progress: ImportProgress): string {
  const { phase, bytes, doneBytes, read, saved, rejected, remainingMs } = progress;
  const share =
    bytes === 0 ? '' : `: ${String(Math.round((doneBytes / bytes) * 100))} % of ${(bytes / 1e6).toFixed(1)} MB`;
  const parts = [
    `${phase}${share}`,
    `${String(read)} read`,
    `${String(saved)} saved`,
    rejected > 0 ? `${String(rejected)} rejected` : '',
    remainingMs === null ? '' : `about ${String(Math.ceil(remainingMs / 1000))} s left`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function factsOf(result: ImportResult): Readonly<Record<string, string | number | undefined>> {
  const { importId, status, dryRun, read, saved, rejected, skipped, batchId, layout } = result;
  return {
    import: importId,
    status: dryRun ? `${status} (dry run)` : status,
    read,
    saved,
    rejected,
    skipped,
    encoding: encodingText(layout),
    sheet: layout?.sheet,
    'other sheets': listed(layout?.otherSheets),
    'ignored columns': listed(layout?.ignored),
    batch: batchId,
  };
}

function listed(names: readonly string[] = []): string | undefined {
  return names.length === 0 ? undefined : names.join(', ');
}
