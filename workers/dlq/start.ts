/** What happens because of a dead letter, and the keeping of dead letters with it. */
import type { OpenApplication } from '../../application/open.ts';
import { Conflict } from '../../client/index.ts';
import type { Rpc } from '../../client/connection/rpc.ts';
import { createEmailJobs } from '../../client/email/jobs.ts';
import type { Config } from '../../config/types.ts';
import type { DeadLetter } from '../../contracts/dlq/schema.ts';
import { ADMIN_RECIPIENT } from '../../contracts/email/vocabulary.ts';
import { whenUsed } from '../../contracts/values/when-used.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Database } from '../../services/database/pool.ts';
import { createDeadLetterRecorder } from '../../services/dlq/recorder.ts';
import { type DeadLetterNotice, keepDeadLetters } from './keeping.ts';

/** What {@link startDeadLetters} needs. */
export interface DeadLetterRoot {
  readonly rpc: Rpc;
  readonly config: Config;
  readonly application: Pick<OpenApplication, 'hooks' | 'domains'>;
  readonly database: Database;
  readonly logger: Logger;
}

/** Keeps dead letters. */
export function startDeadLetters(root: DeadLetterRoot): { close(): Promise<void> } {
  const { rpc, config, application, database, logger } = root;
  if (config.sentryDsn === undefined && config.environment === 'production')
    logger.warn('SENTRY_DSN is not set: no dead letter is told to Sentry');
  const hasMail = application.domains.includes('email') && config.failureMail === 'admin';
  return keepDeadLetters({
    ...{ rpc, logger },
    recorder: createDeadLetterRecorder(database),
    version: config.version,
    notices: [
      ...(config.sentryDsn === undefined ? [] : [sentry(config.sentryDsn, config)]),
      ...(hasMail ? [mail(rpc, config)] : []),
      ...(application.hooks.some((one) => one.deadLettered !== undefined) ? [hook(application.hooks)] : []),
    ],
  });
}

/** Tells Sentry; its library is loaded with the first letter. */
function sentry(dsn: string, { environment, version: release }: Config): DeadLetterNotice {
  const reports = whenUsed(async () => {
    const { createSentryReports } = await import('../../services/dlq/sentry.ts');
    return createSentryReports({ dsn, environment, release });
  });
  return { kind: 'sentry', give: async (letter) => (await reports()).report(letter) };
}

/** Tells the administrator of a cause, at most once an hour, because thousands of tasks may fail of it. */
function mail(rpc: Rpc, { temporal }: Config): DeadLetterNotice {
  const email = createEmailJobs({ rpc, blobs: undefined, priorityLevels: temporal.priorityLevels });
  return {
    kind: 'mail',
    give: async (letter) => {
      try {
        await email.send({ to: ADMIN_RECIPIENT, messageKey: keyOf(letter), ...messageOf(letter) });
      } catch (error) {
        // Another task has failed of it within the hour, and the message names that one.
        if (!(error instanceof Conflict)) throw error;
      }
    },
  };
}

/** One key for a cause and an hour. */
function keyOf({ fingerprint, failedAt }: DeadLetter): string {
  return `failure-${fingerprint}-${failedAt.slice(0, 13)}`;
}

function messageOf(letter: DeadLetter): { readonly subject: string; readonly body: string } {
  const { taskName, taskId, errorType, errorMessage, failureClass, retryCount, workflowId, fingerprint, version } =
    letter;
  return {
    subject: `Task Failure: ${taskName}`,
    body: [
      `The task ${taskName} with the id ${taskId} failed for good.`,
      '',
      `  failure: ${errorType} (${failureClass})`,
      `  message: ${errorMessage}`,
      `  retries: ${retryCount}`,
      `  run: ${workflowId}`,
      `  cause: ${fingerprint}, version ${version}`,
      '',
      `See how often: perennial dlq causes`,
      `When the cause is gone: perennial dlq redrive --cause ${fingerprint}`,
      '',
      'Further tasks that fail of this cause within the hour are not told apart.',
      '',
    ].join('\n'),
  };
}

/** Calls the hooks of the application; what one throws is logged, and it is called again later. */
function hook(hooks: OpenApplication['hooks']): DeadLetterNotice {
  return {
    kind: 'hook',
    give: async (letter) => {
      for (const one of hooks) await one.deadLettered?.(letter);
    },
  };
}
