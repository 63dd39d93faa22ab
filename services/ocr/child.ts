/**
 * Entry of a child process of the reader. One page at a time; whatever it
 * breaks, it breaks here and not in the process that polls for work.
 */
import { Worker } from 'node:worker_threads';
import { PerennialError } from '../../contracts/failures.ts';
import type { ChildSettings, FromChild, ToChild } from './messages.ts';
import { createPageWork } from './page-work.ts';
import { createTesseractBinary } from './tesseract-binary.ts';
import { createTesseractJs } from './tesseract-js.ts';

/**
 * A thread of its own, because the main one can be inside WebAssembly for
 * minutes: when the parent is gone, the whole process group ends, the running
 * tesseract included. Plain text, so that the thread need not load a compiler.
 */
const WATCHDOG = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid === workerData.parent) return;
    try { process.kill(-process.pid, 'SIGKILL'); } catch {}
    process.kill(process.pid, 'SIGKILL');
  }, 500);
`;

function send(message: FromChild, then?: () => void): void {
  if (process.connected) process.send?.(message, undefined, undefined, then);
}

function endGroup(): never {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    // No group of our own (Windows): ending ourselves is what is left.
  }
  process.exit(1);
}

function toFailure(error: unknown): { type: PerennialError['type']; message: string } {
  if (error instanceof PerennialError) return { type: error.type, message: error.message };
  const name = error instanceof Error ? error.name : typeof error;
  // The message of a foreign error may quote the document, so only its name goes on.
  return {
    type: 'ReaderCrashed',
    message: `Expected the page to be read, but the reader met an unforeseen ${name}. It is retried; if it repeats, look at the page.`,
  };
}

function serve(settings: ChildSettings): void {
  const engine =
    settings.tesseract === undefined
      ? createTesseractJs()
      : createTesseractBinary(settings.tesseract, (pid) => send({ kind: 'engine', pid }));
  const work = createPageWork(settings, engine);
  process.on('message', (message) => {
    // `as`: the only sender is reader-process.ts, with this type.
    const { id, task } = message as ToChild;
    send({ kind: 'started', id });
    work(task).then(
      (value) => send({ kind: 'done', id, value, rssBytes: process.memoryUsage.rss() }),
      (error: unknown) => {
        // What is unforeseen may have left WebAssembly's memory in pieces: answer, then make room for a new process.
        const then = error instanceof PerennialError ? undefined : endGroup;
        send({ kind: 'failed', id, ...toFailure(error), rssBytes: process.memoryUsage.rss() }, then);
      },
    );
  });
}

process.on('disconnect', endGroup);
if (!process.connected) endGroup();
new Worker(WATCHDOG, { eval: true, execArgv: [], workerData: { parent: process.ppid } }).unref();
// `as`: written by reader-process.ts.
serve(JSON.parse(process.argv[2] ?? '{}') as ChildSettings);
send({ kind: 'ready' });
