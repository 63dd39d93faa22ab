/**
 * `npm run demo [-- PATH…]`: reads real documents and shows a table of them,
 * imports a list, and emails a report about what was read. The exit code is 0 only if every
 * readable document was read and the other pipelines succeeded.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BatchHandle, connectPerennial, type PerennialClient } from '../../client/index.ts';
import { sealKeysOf } from '../seal-keys.ts';
import { loadConfigOrExit } from '../../config/load.ts';
import { forceUtc, ownFilesOnly } from '../../config/process.ts';
import { projectDir } from '../../config/project.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import type { Config } from '../../config/types.ts';
import type { BatchProgress } from '../../contracts/documents/vocabulary.ts';
import type { BatchOutcome, BatchSummary } from '../../contracts/documents/schema.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createDatabase } from '../../services/database/pool.ts';
import type { DocumentStore } from '../../services/documents/port.ts';
import { createDocumentStore } from '../../services/documents/postgres.ts';
import { type Reporter, terminalReporter } from '../reporter.ts';
import { importList, reportOnMonth } from './pipelines.ts';
import { type DemoRow, reportOf, unexpected } from './report.ts';
import { demoStack, type DemoStack } from './stack.ts';

async function main(): Promise<number> {
  forceUtc();
  ownFilesOnly();
  const given = process.argv.slice(2);
  const missing = given.filter((path) => !existsSync(path));
  if (missing.length > 0) {
    process.stderr.write(`expected files and folders, got paths that do not exist: ${missing.join(', ')}\n`);
    return exitCodes.usage;
  }
  const paths = given.length > 0 ? given.map((path) => resolve(path)) : [resolve(projectDir, 'samples')];
  const log = await terminalReporter();
  const told = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      told.abort(new Error(name));
    });
  return show(paths, log, told.signal);
}

/** Runs the demo on a stack, shows the outcome and returns the exit code. */
async function show(paths: readonly string[], log: Reporter, signal: AbortSignal): Promise<number> {
  const config = loadConfigOrExit();
  const stack = await demoStack(config, paths, log, signal);
  try {
    const rows = await runPipelines(config, stack, log, signal);
    const failed = unexpected(rows);
    for (const { outcome } of failed) log.failed(`${outcome.name}: ${outcome.failure?.message ?? outcome.status}`);
    if (stack.own !== undefined) await stayUp(log, signal);
    return failed.length === 0 && rows.length > 0 ? 0 : 1;
  } finally {
    await stack.own?.stop();
  }
}

/** Reads documents, imports a list and writes a report, one after the other, so that a person can follow. */
async function runPipelines(
  config: Config,
  { addresses, paths }: DemoStack,
  log: Reporter,
  signal: AbortSignal,
): Promise<DemoRow[]> {
  const client = await connectPerennial({
    address: addresses.temporal,
    namespace: addresses.namespace,
    sealKeys: sealKeysOf(config),
    payloadKeys: config.sealing.payloadKeys,
  });
  const database = createDatabase({ url: addresses.database });
  try {
    const rows = await readDocuments(client, createDocumentStore(database), { addresses, paths }, log, signal);
    process.stdout.write(reportOf(rows));
    await importList(client, createBlobStore(config.blobs.url), log);
    await reportOnMonth(client, addresses, log);
    return rows;
  } finally {
    await client.close();
    await database.close();
  }
}

async function readDocuments(
  client: PerennialClient,
  documents: DocumentStore,
  { addresses, paths }: Pick<DemoStack, 'addresses' | 'paths'>,
  log: Reporter,
  signal: AbortSignal,
): Promise<DemoRow[]> {
  const batch = await client.documents.batchOcr({ paths: [...paths], backend: 'tesseract' }, { id: randomUUID() });
  const link = `${addresses.ui ?? ''}/namespaces/${addresses.namespace}/workflows/${batch.id}`;
  if (addresses.ui !== undefined) log.note(`Watch it in Temporal's Web UI: ${link}`);
  const summary = await follow(batch, log, signal);
  const rows = await rowsOf(summary.outcomes ?? [], documents);
  await invoices(client, rows, log);
  return rows;
}

async function follow(batch: BatchHandle, log: Reporter, signal: AbortSignal): Promise<BatchSummary> {
  signal.addEventListener('abort', () => void batch.cancel(), { once: true });
  for await (const progress of batch.follow({ signal })) log.step(lineOf(progress));
  const summary = await batch.result();
  log.done(`Read ${String(summary.saved)} of ${String(summary.total)} documents`);
  return summary;
}

function lineOf({ phase, total, completed, failed, inFlight, remainingMs }: BatchProgress): string {
  if (phase === 'preparing') return 'Preparing the batch';
  const left =
    remainingMs === null || phase !== 'reading' ? '' : `, about ${String(Math.ceil(remainingMs / 1000))} s left`;
  return `Reading: ${String(completed)} of ${String(total)} done, ${String(failed)} failed, ${String(inFlight)} in work${left}`;
}

function rowsOf(outcomes: readonly BatchOutcome[], documents: DocumentStore): Promise<DemoRow[]> {
  return Promise.all(
    outcomes.map(async (outcome) => {
      const id = outcome.documentId;
      if (id === null || outcome.status !== 'completed') return { outcome, text: '', elapsedMs: null };
      const [view, result] = await Promise.all([documents.view(id), documents.result(id)]);
      const elapsedMs = Date.parse(view?.completedAt ?? '') - Date.parse(view?.startedAt ?? '');
      return { outcome, text: result?.text ?? '', elapsedMs: Number.isFinite(elapsedMs) ? elapsedMs : null };
    }),
  );
}

/** Extracts the fields of documents that contain the word "invoice". */
async function invoices(client: PerennialClient, rows: readonly DemoRow[], log: Reporter): Promise<void> {
  for (const { outcome, text } of rows) {
    if (outcome.documentId === null || !/invoice (number|no)/i.test(text)) continue;
    const { entities } = await (await client.documents.extractInvoice(outcome.documentId)).result();
    const { issuer, number, date, total, currency } = entities;
    const fields = [issuer, number, date, total, currency].map((field) => field?.value ?? '?');
    log.done(`Invoice in ${outcome.name}: ${fields.join(' · ')}`);
  }
}

/** Keeps the stack running for a person at a terminal, but not for a script. */
async function stayUp(log: Reporter, signal: AbortSignal): Promise<void> {
  if (!process.stdout.isTTY || process.env['CI'] !== undefined) {
    log.note('Stopping the stack, so the links above end; `npm start` brings it back, with these histories and mails');
    return;
  }
  log.note('The stack stays up, so that the links work. Press Ctrl-C to stop it.');
  if (!signal.aborted)
    await new Promise((done) => {
      signal.addEventListener('abort', done, { once: true });
    });
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
