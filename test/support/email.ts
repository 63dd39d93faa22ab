/** Outgoing mail over a real database and a real SMTP server, without workflows. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { createEmailActivities } from '../../activities/email/index.ts';
import type { EmailPorts } from '../../activities/email/ports.ts';
import type { Activities } from '../../activities/shell/activity.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import { createAttachmentLoader } from '../../services/email/attachments.ts';
import { createDigestSource } from '../../services/email/digest.ts';
import { createMailer, type SmtpMailer } from '../../services/email/mailer.ts';
import { createEmailOutcomes } from '../../services/email/outcomes.ts';
import { createEmailTemplates } from '../../services/email/templates.ts';
import { createUserStore } from '../../services/users/postgres.ts';
import type { Database } from '../../services/database/pool.ts';
import type { UserStore } from '../../services/users/port.ts';
import { memoryBlobs } from './fakes/blobs.ts';
import { silentLog } from './silent-log.ts';

export interface EmailWorldOptions {
  readonly database: Database;
  readonly url: string | undefined;
  readonly roots?: readonly string[];
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  readonly connections?: number;
  readonly from?: string;
}

export interface EmailWorld {
  readonly mailer: SmtpMailer;
  readonly ports: EmailPorts;
  /** What a worker serves. */
  readonly activities: Activities;
  readonly users: UserStore;
  readonly blobs: BlobStore;
  /** What the activities logged, as text. */
  readonly logged: string[];
  /** Runs the activity of a task as a worker would. */
  run(task: string, input: unknown, attempt?: number): Promise<unknown>;
  close(): Promise<void>;
}

export function emailWorld(options: EmailWorldOptions): EmailWorld {
  const { database, roots = [], maxBytes = 1024 * 1024 } = options;
  const blobs = memoryBlobs();
  const mailer = createMailer({
    url: options.url,
    connections: options.connections ?? 5,
    timeoutMs: options.timeoutMs ?? 5_000,
    database,
    from: options.from ?? 'Perennial <noreply@example.com>',
    adminEmail: 'admin@example.com',
    attachments: createAttachmentLoader({ roots, maxBytes, blobs }),
  });
  const users = createUserStore(database);
  const ports: EmailPorts = {
    mailer,
    outcomes: createEmailOutcomes(database),
    templates: createEmailTemplates('https://app.example.com'),
    users,
    digests: createDigestSource(database),
    blobs,
    inactiveAfterDays: 30,
    retryDelayScale: 1,
  };
  const logged: string[] = [];
  const note = (...fields: unknown[]): void => void logged.push(fields.map(textOf).join(' '));
  const activities: Readonly<Record<string, (input: unknown) => Promise<unknown>>> = createEmailActivities(ports, {
    log: (task) => ({
      started: () => note('started', task),
      succeeded: () => note('succeeded'),
      failed: (error) => note('failed', error),
      revoked: (reason) => note('revoked', reason),
      body: silentLog.body,
    }),
  });
  return {
    mailer,
    ports,
    activities,
    users,
    blobs,
    logged,
    run: async (task, input, attempt = 1) => {
      const activity = activities[task];
      if (activity === undefined) throw new TypeError(`expected an activity for ${task}`);
      const environment = new MockActivityEnvironment({ attempt }, { logger: silent });
      return environment.run(activity, input);
    },
    close: () => mailer.close(),
  };
}

const nothing = (): void => undefined;
/** Expected failures would fill the test output. */
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

function textOf(value: unknown): string {
  return value instanceof Error ? `${value.name} ${value.message} ${value.stack ?? ''}` : JSON.stringify(value);
}
