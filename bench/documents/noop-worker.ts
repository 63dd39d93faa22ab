/** Runs the worker of the product with {@link createNoopReader} as its reader; everything else is unchanged. */
import { createDocumentsDomain } from '../../workers/domains/documents.ts';
import type { CreateDomain } from '../../workers/domains/domain.ts';
import { createDomains } from '../../workers/domains/index.ts';
import { runBenchWorker } from '../bench-worker.ts';
import { createNoopReader } from './noop-reader.ts';

await runBenchWorker({
  name: 'noop',
  activities: async (context) => {
    const documents: CreateDomain = (given) =>
      createDocumentsDomain(given, createNoopReader(given.config.documents.ocr.processes));
    return (await createDomains(context, { others: { documents } })).activities;
  },
});
process.exit(0);
