/** Generates the page of retry policies, and what a retry rule says in a table. */
import { type AnyTask, catalogue } from '../../contracts/catalogue.ts';
import { retries } from '../../contracts/tasks/retries.ts';
import {
  type FailureRetry,
  LONGEST_ASKED_MS,
  type RetryDelays,
  type RetryRule,
} from '../../contracts/tasks/retry-rules.ts';
import { cell, duration, GENERATED, table } from './markdown.ts';

/** Formats a rule with its reason. */
export function retryText(rule: RetryRule): string {
  return [...ruleParts(rule).map((part) => `${part}.`), rule.reason].join(' ');
}

function ruleParts(rule: RetryRule): readonly string[] {
  const { attempts, retryOn, neverOn, byFailure = [], finalType } = rule;
  if (attempts === 1) return ['one attempt'];
  return [
    `${attempts} attempts, ${delayText(rule)} apart`,
    ...byFailure.map(specialText),
    ...(retryOn === undefined ? [] : [`Only after ${listText(retryOn)}`]),
    ...(neverOn === undefined ? [] : [`Never after ${listText(neverOn)}`]),
    ...(finalType === undefined ? [] : [`Then \`${finalType}\``]),
  ];
}

function delayText({ delayMs, factor = 1, maxDelayMs = delayMs, jitter = 0 }: RetryDelays): string {
  const growth = factor === 1 ? '' : `, ×${factor} up to ${duration(maxDelayMs)}`;
  const spread = jitter === 'full' ? ', a random part of it' : jitter === 0 ? '' : `, ±${jitter * 100} %`;
  return `${duration(delayMs)}${growth}${spread}`;
}

function specialText({ on, attempts, delayMs, finalType, ...delays }: FailureRetry): string {
  const parts = [
    ...(attempts === undefined ? [] : [`${attempts} attempts`]),
    ...(delayMs === undefined ? [] : [delayText({ ...delays, delayMs })]),
    ...(finalType === undefined ? [] : [`then \`${finalType}\``]),
  ];
  return `After ${listText(on)}: ${parts.join(', ')}`;
}

function listText(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

const INTRODUCTION = `How often a task is tried and how long it waits between two attempts stands in its row: a retry rule of its own, or one of the
policies below, which an application takes as \`retries.smart\` and may change in part. A task of Celery keeps its options by
\`retryOfCelery\` ([from Celery](from-celery.md#tasks)).

- The first attempt counts: four attempts are three retries.
- The class of a [failure](failures.md) decides whether there is another attempt: \`transient\`, \`throttled\` and \`unknown\` are
  retried. \`retryOn\` and \`neverOn\` say otherwise by type or class, and \`byFailure\` gives single failures delays and attempts of
  their own. Attempts are counted in all, whatever each failed with.
- A delay that the other side asked for (\`Retry-After\`, or \`retryAfterMs\` of an error) goes before that of the rule, up to ${duration(LONGEST_ASKED_MS)}:
  whoever asks for more is asked again then. What is negative or no delay counts as not asked for.
- Delays are computed by the worker whose attempt failed, and kept by the server: they survive every restart.
- A worker that dies costs an attempt and no delay: the next one begins as soon as its heartbeat is missed.`;

/** Generates `docs/retries.md`. */
export function retriesPage(): string {
  const rows = Object.entries<RetryRule>(retries).map(([name, rule]) => [
    `\`${name}\``,
    cell(ruleParts(rule).join('. ')),
    cell(rule.reason),
    cell(usersOf(rule)),
  ]);
  return `# Retries\n\n${GENERATED}\n\n${INTRODUCTION}\n\n${table(['policy', 'attempts and delays', 'reason', 'tasks'], rows)}\n`;
}

function usersOf(rule: RetryRule): string {
  const users = (catalogue as readonly AnyTask[]).filter(({ retry }) => retry === rule);
  return users.map(({ name }) => `\`${name}\``).join(', ');
}
