/** Settings of a worker process. */
import { choice, filePath, mapped, number, port, text } from './entries.ts';
import { prebuiltBundle } from './project.ts';

export const worker = {
  fleet: choice('WORKER_FLEET', ['all', 'workflows', 'documents'], 'all', {
    doc: 'Which queues a worker process serves: all of them, workflows only, or the documents domain only.',
  }),
  /** Region whose calls the worker executes. It has no default in production, so that data of a region cannot reach a worker by omission. */
  region: mapped(
    choice('WORKER_REGION', ['auto', 'all', 'none', 'us-east', 'us-west', 'eu-west', 'asia'], 'auto', {
      doc: 'Whose regional calls a worker takes. `auto`: all of them in development, none in production.',
    }),
    (region, { environment }) => (region !== 'auto' ? region : environment === 'production' ? 'none' : 'all'),
  ),
  maxCachedWorkflows: number(
    'WORKER_MAX_CACHED_WORKFLOWS',
    500,
    { min: 1, max: 100_000 },
    { doc: 'Workflows that a worker keeps in memory (about 0.3 MB each).', unit: 'workflows' },
  ),
  workflowBundle: mapped(
    filePath('WORKFLOW_BUNDLE', 'a file that workers/build-bundle.ts wrote', {
      doc: 'Workflows bundled ahead, so that a worker starts seconds sooner. It must be built from the same code.',
      defaultText: 'that of the installed package; from source, built at each start',
    }),
    (file) => file ?? prebuiltBundle,
  ),
  retryDelayScale: number(
    'RETRY_DELAY_SCALE',
    1,
    { min: 0, max: 100, decimal: true },
    { doc: 'Factor of every retry delay; below 1 for tests and demonstrations.' },
  ),
  healthHost: text('HEALTH_HOST', '127.0.0.1', {
    doc: "Interface that a worker's health server listens on; 0.0.0.0 in a container.",
  }),
  healthPort: port('HEALTH_PORT', 9091, { doc: "Port of a worker's health server." }),
};
