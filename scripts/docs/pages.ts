/** Generates pages of `docs/`, each from the same table that the code itself uses. */
import { resolve } from 'node:path';
import { configurationTable } from './configuration.ts';
import { type BreakerRule, OPEN_FOR_MS, OPENS_AFTER } from '../../contracts/breakers/vocabulary.ts';
import { type AnyTask, catalogue } from '../../contracts/catalogue.ts';
import { activityQueues } from '../../contracts/register.schema.ts';
import { failures, type FailureClass, type FailureRule } from '../../contracts/failures.ts';
import { queueTable } from '../../contracts/queues/table.ts';
import { queues } from '../../contracts/queues/names.ts';
import { formatRate } from '../../contracts/queues/rates.ts';
import type { KeyedLimit, TimeLimits } from '../../contracts/tasks/definition.ts';
import { queueLimits } from '../../contracts/tasks/time-limits.ts';
import { coveragePage } from './coverage.ts';
import { cell, duration, GENERATED, page } from './markdown.ts';
import { entriesPage } from './package-entries.ts';
import { pipelinesPage } from './pipelines.ts';
import { retriesPage, retryText } from './retries.ts';
import { testTitles } from './titles.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

const TREATMENT: Readonly<Record<FailureClass, string>> = {
  transient: 'retried by the policy of the task',
  throttled: 'retried after the delay that the other side asked for',
  permanent: 'never retried: the input is at fault',
  poison: 'never retried: the input harms the process that reads it',
  configuration: 'not retried by itself: mend the installation, then start or redrive',
  unknown: 'retried by the policy of the task, because it may pass: no rule foresees it',
};

/** Generates `docs/failures.md`. */
export function failuresPage(): string {
  const rows = Object.entries<FailureRule>(failures).map(([type, rule]) => [
    `\`${type}\``,
    rule.class,
    cell(rule.cause),
    cell(rule.remedy),
  ]);
  const treatments = Object.entries(TREATMENT).map(([name, text]) => `- **${name}**: ${text}.`);
  return page(
    'Failures',
    `Every error that leaves a service, an activity or a workflow carries one of these types. The class decides:\n\n${treatments.join('\n')}`,
    ['type', 'class', 'cause', 'what to do'],
    rows,
  );
}

/** Generates `docs/tasks.md`. */
export function tasksPage(): string {
  return page(
    'Tasks',
    'A task is implemented by an activity of the same name. Retries are explained in [retries](retries.md). Soft: its signal is aborted; hard: the server gives the attempt up; ' +
      'heartbeat: a worker silent for so long counts as dead; batchable: many calls may travel in one activity ([canvas](canvas.md)).',
    ['task', 'queue', 'purpose', 'retry', 'limits'],
    (catalogue as readonly AnyTask[]).map((task) => [
      `\`${task.name}\``,
      `\`${task.queue}\``,
      cell(task.purpose),
      cell(retryText(task.retry)),
      cell(
        [
          limitsText(task.limits),
          ...(task.keyedLimits ?? []).map(keyedLimitText),
          ...(task.breaker === undefined ? [] : [breakerText(task.breaker)]),
          ...(task.batchable === true ? ['Batchable.'] : []),
          ...(task.composes === true ? ['May ask for canvases.'] : []),
        ].join(' '),
      ),
    ]),
  );
}

function limitsText(limits: TimeLimits): string {
  return `soft ${duration(limits.softMs)}, hard ${duration(limits.hardMs)}, heartbeat ${duration(limits.heartbeatMs)}. ${limits.reason}`;
}

function keyedLimitText({ by, rate, concurrency, reason }: KeyedLimit): string {
  const parts = [
    rate === undefined ? '' : formatRate(rate),
    concurrency === undefined ? '' : `${concurrency} at once`,
  ].filter((part) => part !== '');
  return `By ${typeof by === 'string' ? by : by.field}: ${parts.join(', ')}. ${reason}`;
}

function breakerText({ opensAfter = OPENS_AFTER, forMs = OPEN_FOR_MS }: BreakerRule): string {
  return `Waits for its provider after ${opensAfter} failures in a row, ${duration(forMs)} at a time (breakers.md).`;
}

/** Formats the soft and hard limits of a queue; the queue of workflows has none. */
function limitsOfQueue(queue: string): string {
  if (queue === queues.workflows) return '';
  const { softMs, hardMs } = queueLimits(queue);
  return `${duration(softMs)}, ${duration(hardMs)}`;
}

/** Generates `docs/queues.md`. */
export function queuesPage(): string {
  const served: readonly string[] = activityQueues();
  return page(
    'Queues',
    'Every queue of the sources and what it is called here; the last ones are our own. Priorities are 1 to 10, 10 first; they are ' +
      'defaults that tasks and calls may override. A queue without tasks has no worker and takes no calls. Slots: tasks that one ' +
      'worker process runs at once. Rate: starts of all workers together. Limits: soft and hard, of a task whose row in ' +
      '[tasks.md](tasks.md) does not say otherwise. Prefetch is that of the source, for the record: a worker ' +
      'holds nothing back ([calling.md](calling.md#queues)).',
    ['queue', 'source', 'priority', 'slots', 'rate', 'prefetch', 'limits', 'served', 'for'],
    queueTable.map((row) => [
      `\`${row.queue}\``,
      row.source?.name ?? '',
      String(row.priority),
      row.slots === 'cores' ? 'cores + 1' : String(row.slots),
      row.rate === undefined ? '' : formatRate(row.rate),
      row.prefetch === undefined ? '' : String(row.prefetch),
      limitsOfQueue(row.queue),
      served.includes(row.queue) || row.queue === queues.workflows ? 'yes' : 'no tasks yet',
      cell(row.purpose),
    ]),
  );
}

/** Generates `docs/configuration.md`. */
export function configurationPage(): string {
  const introduction =
    'Set as environment variables. A wrong value stops the process at start, with every error listed. ' +
    'A variable that is empty counts as unset.';
  return `# Configuration\n\n${GENERATED}\n\n${introduction}\n\n${configurationTable()}`;
}

/** Returns all generated pages: the path below the repository and the content. */
export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/failures.md', failuresPage()],
    ['docs/tasks.md', tasksPage()],
    ['docs/retries.md', retriesPage()],
    ['docs/queues.md', queuesPage()],
    ['docs/configuration.md', configurationPage()],
    ['docs/entries.md', entriesPage(REPOSITORY)],
    ['docs/pipelines.md', pipelinesPage(REPOSITORY)],
    ['docs/coverage.md', coveragePage(testTitles(REPOSITORY))],
  ]);
}
