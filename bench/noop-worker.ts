/** Runs the worker of the product with {@link createNoopReader} as its reader; everything else is unchanged. */
import { createDocumentsDomain } from '../workers/domains/documents.ts';
import { createDomains } from '../workers/domains/index.ts';
import { runBenchWorker } from './bench-worker.ts';
import { createNoopReader } from './noop-reader.ts';

await runBenchWorker({
  name: 'noop',
  activities: (context) =>
    createDomains(context, {
      documents: (given) => createDocumentsDomain(given, createNoopReader(given.config.documents.ocr.processes)),
    }).activities,
});
process.exit(0);
