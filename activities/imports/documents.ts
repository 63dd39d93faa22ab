import { Readable } from 'node:stream';
import { runWindow, sourceOf } from '../../concurrency/window.ts';
import { failures, PerennialError } from '../../contracts/failures.ts';
import type {
  FetchDocumentsInput,
  FetchDocumentsOutput,
  ListDocumentsInput,
  ListDocumentsOutput,
} from '../../contracts/imports/schema.ts';
import type { PendingDownload } from '../../services/imports/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { ImportPorts } from './ports.ts';

/** Documents read from the database at once. */
const SLICE = 1_000;

/** Concurrent downloads: enough to hide the latency of a server, few enough not to overload it. */
const AT_ONCE = 4;

/**
 * Downloads the documents that a list names by address. Each is settled as soon as it is stored or has failed for good;
 * a retry continues with the rest.
 */
export async function fetchDocuments(
  ports: ImportPorts,
  { runId }: FetchDocumentsInput,
  context: TaskContext,
): Promise<FetchDocumentsOutput> {
  const done = { fetched: 0, refused: 0 };
  for (;;) {
    const due = await ports.imports.downloads(runId, SLICE);
    if (due.length === 0) return done;
    await runWindow<PendingDownload>({
      limit: AT_ONCE,
      next: sourceOf(due),
      work: async (pending) => {
        const refused = await fetchOne(ports, runId, pending, context);
        done[refused ? 'refused' : 'fetched'] += 1;
        context.progress(done);
      },
    });
  }
}

async function fetchOne(
  ports: ImportPorts,
  runId: string,
  { documentId, url }: PendingDownload,
  { signal }: TaskContext,
): Promise<boolean> {
  try {
    const { content } = await ports.downloader.open(url, { from: 0, validator: null }, signal);
    const blob = await ports.blobs.put('documents', content, {
      limit: { bytes: ports.limits.maxDocumentBytes, variable: 'OCR_MAX_FILE_MB' },
    });
    await ports.imports.settleDownload(runId, documentId, { blob });
    return false;
  } catch (error) {
    if (!(error instanceof PerennialError) || failures[error.type].class !== 'permanent') throw error;
    await ports.imports.settleDownload(runId, documentId, { reason: `${error.type}: ${error.message}` });
    return true;
  }
}

/** Writes the manifest of the documents that an import created. */
export async function listDocuments(
  ports: ImportPorts,
  { runId }: ListDocumentsInput,
  context: TaskContext,
): Promise<ListDocumentsOutput> {
  let documents = 0;
  const lines = async function* (): AsyncGenerator<string> {
    for (let after = 0; ;) {
      context.signal.throwIfAborted();
      const slice = await ports.imports.documents(runId, after, SLICE);
      const last = slice.at(-1);
      if (last === undefined) return;
      documents += slice.length;
      yield slice.map(({ id }) => `${JSON.stringify({ documentId: id })}\n`).join('');
      after = last.line;
    }
  };
  const manifest = await ports.blobs.put('manifests', Readable.from(lines()));
  return documents === 0 ? { documents } : { documents, manifest };
}
