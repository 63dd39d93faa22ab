/** Settings of a worker process. */
import { z } from 'zod';
import { FLEETS, mayNameFleet } from '../../contracts/queues/fleets.ts';
import { parseRate, type Rate } from '../../contracts/queues/rates.ts';
import { choice, filePath, flag, mapped, number, optional, parsed, port, text } from '../entries.ts';
import { prebuiltBundle } from '../project.ts';

const words = (list: string): string[] => list.split(/\s+/).filter((word) => word !== '');

/** `KEY=RATE`; empty for anything else. */
function ratesOf(word: string): readonly (readonly [string, Rate])[] {
  const at = word.lastIndexOf('=');
  const rate = parseRate(word.slice(at + 1));
  return at < 1 || rate === undefined ? [] : [[word.slice(0, at), rate]];
}

const areRates = (list: string): boolean => words(list).every((word) => ratesOf(word).length === 1);

export const worker = {
  fleet: parsed(
    'WORKER_FLEET',
    {
      expected: `the name of a fleet: ${FLEETS.join(', ')}, or one of the application`,
      schema: z.string().refine(mayNameFleet),
      fallback: 'all',
    },
    {
      doc: 'Which queues a worker process serves: all of them, workflows and what no fleet of the application serves, workflows only, those of documents, those of messages to users, those of payments, those of questions to models, those of uploaded tables, those of pictures, or those of a fleet of the application.',
      defaultText: 'all',
    },
  ),
  separateFleets: flag('STACK_FLEETS', false, {
    doc: 'Whether `npm start` and `perennial dev` start a process of `rest` and the processes of each fleet of the application in place of one worker.',
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
  rates: mapped(
    optional('WORKER_RATES', 'KEY=RATE such as messaging.sms_critical=500/m, several separated by blanks', areRates, {
      doc: 'Rates in place of those of the tables, over all workers together: of a queue, or of a limit by key such as `task:shop.order`. The same for every worker.',
    }),
    (list): Readonly<Record<string, Rate>> => Object.fromEntries(words(list ?? '').flatMap((word) => ratesOf(word))),
  ),
  disableRateLimits: flag('WORKER_DISABLE_RATE_LIMITS', false, {
    doc: 'Lets every task start at once, whatever the rate of its queue or key. Numbers of tasks at once still hold.',
  }),
  healthHost: text('HEALTH_HOST', '127.0.0.1', {
    doc: "Interface that a worker's health server listens on; 0.0.0.0 in a container.",
  }),
  healthPort: port('HEALTH_PORT', 9091, { doc: "Port of a worker's health server." }),
};
