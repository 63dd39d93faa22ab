/** Tells Sentry, or a server that takes its envelopes, of dead letters. */
import { createHash } from 'node:crypto';
import { createTransport, type ErrorEvent } from '@sentry/core';
import { ServerRuntimeClient } from '@sentry/core/server';
import type { DeadLetter } from '../../contracts/dlq/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';

/** Where events go, and what they say about the installation. */
export interface SentryOptions {
  /** Address of the project, with its public key. */
  readonly dsn: string;
  readonly environment: string;
  /** Version of the code. */
  readonly release: string;
}

/** Reports dead letters. */
export interface ErrorReports {
  /**
   * Sends one event. The same letter always has the same event id, of which Sentry keeps one.
   *
   * @throws PerennialError `BackendUnavailable` it was not taken
   */
  report(letter: DeadLetter): Promise<void>;
}

/** Longest that a server may take for an event. */
const SEND_MS = 10 * SECOND_MS;

/** Failures that say nothing about the code: an interrupted process, a peer that went away. */
const NOISE = /connection reset|ECONNRESET|SIGINT|SIGTERM|KeyboardInterrupt/i;

/** Creates the reports. Nothing is sent but what dead letters hold, which is redacted. */
export function createSentryReports({ dsn, environment, release }: SentryOptions): ErrorReports {
  const client = new ServerRuntimeClient({
    ...{ dsn, environment, release },
    integrations: [],
    stackParser: () => [],
    sendClientReports: false,
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        const answer = await fetch(options.url, {
          method: 'POST',
          body: typeof body === 'string' ? body : new Uint8Array(body),
          headers: { 'content-type': 'application/x-sentry-envelope' },
          signal: AbortSignal.timeout(SEND_MS),
        });
        await answer.body?.cancel();
        return { statusCode: answer.status };
      }),
  });
  client.init();
  return {
    report: async (letter) => {
      if (NOISE.test(letter.errorMessage)) return;
      const status = await send(client, eventOf(letter));
      if (status === undefined || status >= 400)
        throw new PerennialError(
          'BackendUnavailable',
          `Expected Sentry to take an event, got ${status ?? 'no answer'}.`,
        );
    },
  };
}

/** Sends an event. @returns the status of the answer; `undefined` when there was none */
function send(client: ServerRuntimeClient, event: ErrorEvent): Promise<number | undefined> {
  return new Promise((resolve) => {
    const stop = client.on('afterSendEvent', ({ event_id: id }, { statusCode }) => {
      if (id !== event.event_id) return;
      stop();
      resolve(statusCode);
    });
    client.captureEvent(event, event.event_id === undefined ? {} : { event_id: event.event_id });
  });
}

function eventOf(letter: DeadLetter): ErrorEvent {
  const { taskId, taskName, errorType, errorMessage, failureClass, fingerprint, queue, tenant, workflowId } = letter;
  return {
    type: undefined,
    event_id: createHash('sha256').update(`${letter.runId}\n${taskId}`).digest('hex').slice(0, 32),
    level: 'error',
    timestamp: Date.parse(letter.failedAt) / SECOND_MS,
    exception: { values: [{ type: errorType, value: errorMessage, mechanism: { type: 'task', handled: false } }] },
    fingerprint: [fingerprint],
    transaction: taskName,
    tags: {
      celery_task: taskName,
      task_id: taskId,
      failure_class: failureClass,
      ...(tenant === null ? {} : { tenant }),
    },
    contexts: {
      celery_task: {
        task_id: taskId,
        task_name: taskName,
        queue,
        attempt: letter.retryCount + 1,
        workflow_id: workflowId,
      },
    },
    extra: { traceback: letter.traceback, args: letter.args, kwargs: letter.kwargs, step_path: letter.stepPath },
  };
}
