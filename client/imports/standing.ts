/** Where an import stands: by its row, and by its run where the row says nothing or not everything. */
import { importOptionsOf, type ImportView } from '../../contracts/imports/view.schema.ts';
import { DEFAULT_IMPORT_SCHEMA, shownUrl } from '../../contracts/imports/vocabulary.ts';
import { NotFound, Unavailable } from '../connection/errors.ts';
import { lookAtJob } from '../connection/standing.ts';
import type { ImportHandle, ImportRecords, ImportRun } from './types.ts';

type Rows = Pick<ImportRecords, 'view' | 'closeImport'>;

/**
 * Where an import stands. Its run is asked when it has no row, because it was refused at its start or has only just
 * begun. A row whose run has ended without closing it is closed on the way.
 *
 * @throws NotFound neither the server nor the database knows the import
 */
export async function importStanding(
  job: Pick<ImportHandle, 'id' | 'status' | 'run'>,
  rows: Rows,
): Promise<ImportView> {
  const view = await rows.view(job.id);
  if (view === undefined) return viewOfRun(job.id, await runOf(job));
  if (view.status === 'running') return closed(job, view, rows);
  if (view.status === 'finished') return view;
  const later = await laterRun(job, view);
  if (later === undefined) return view;
  // Somebody has reset the run, and its first step has not opened the row yet.
  if (later.runId === view.runId) return { ...view, status: 'running', failure: null, finishedAt: null };
  return viewOfRun(job.id, later);
}

async function closed(job: Pick<ImportHandle, 'id' | 'status'>, view: ImportView, rows: Rows): Promise<ImportView> {
  const look = lookAtJob(job);
  const open = (await look()) === 'running' || (await rows.closeImport(job.id, look)) === undefined;
  return open ? view : ((await rows.view(job.id)) ?? view);
}

async function runOf(job: Pick<ImportHandle, 'id' | 'run'>): Promise<ImportRun> {
  try {
    return await job.run();
  } catch (error) {
    throw error instanceof NotFound ? new NotFound(job.id, 'import') : error;
  }
}

/** Returns the run that was started or reset after the one that the row is of had ended, and has not written its row yet. */
async function laterRun(job: Pick<ImportHandle, 'run'>, view: ImportView): Promise<ImportRun | undefined> {
  try {
    const run = await job.run();
    return run.runId === view.runId && run.status !== 'running' ? undefined : run;
  } catch (error) {
    // The row is what is known while the server is away or has deleted the run.
    if (error instanceof NotFound || error instanceof Unavailable) return undefined;
    throw error;
  }
}

function viewOfRun(id: string, { runId, status, startedAt, endedAt, input, failure }: ImportRun): ImportView {
  const given = givenOf(input);
  return {
    id,
    runId,
    status: status === 'completed' ? 'finished' : status,
    schema: textOf(given['schema']) ?? DEFAULT_IMPORT_SCHEMA,
    dataset: textOf(given['dataset']) ?? null,
    source: sourceOf(given['source']),
    dryRun: given['dryRun'] === true,
    options: importOptionsOf(given),
    read: 0,
    saved: 0,
    rejected: 0,
    skipped: 0,
    bytes: null,
    doneBytes: 0,
    layout: null,
    rejects: null,
    failure,
    createdAt: startedAt,
    finishedAt: endedAt,
  };
}

/** Accepts a bare address, as the workflow does. */
function givenOf(input: unknown): Readonly<Record<string, unknown>> {
  if (typeof input === 'string') return { source: { url: input } };
  return isObject(input) ? input : {};
}

function sourceOf(source: unknown): string {
  const { url, path, blob } = isObject(source) ? source : {};
  if (blob !== undefined) return 'upload';
  const address = textOf(url);
  return address === undefined ? (textOf(path) ?? '') : shownUrl(address);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Longest text of an unchecked input that is shown. */
const MAX_SHOWN = 300;

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MAX_SHOWN) : undefined;
}
