/** The worker of the product with {@link createNoopReader} in place of the reader; all else is real. */
import { createDomains } from '../workers/domains/index.ts';
import { runBenchWorker } from './bench-worker.ts';
import { createNoopReader } from './noop-reader.ts';

await runBenchWorker({
  name: 'noop',
  activities: (context) =>
    createDomains(context, { reader: createNoopReader(context.config.ocr.processes) }).activities,
});
process.exit(0);
