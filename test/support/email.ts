/** Outgoing mail over a real database and a real SMTP server, without workflows. */
import { createEmailActivities } from '../../activities/email/index.ts';
import type { EmailPorts } from '../../activities/email/ports.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import { createAttachmentLoader } from '../../services/email/attachments.ts';
import { createDigestSource } from '../../services/email/digest.ts';
import { createMailer, type SmtpMailer } from '../../services/email/mailer.ts';
import { createEmailOutcomes } from '../../services/email/outcomes.ts';
import { createEmailTemplates } from '../../services/email/templates.ts';
import { createUserStore } from '../../services/users/postgres.ts';
import type { Database } from '../../services/database/pool.ts';
import type { UserStore } from '../../services/users/port.ts';
import { type ActivityRuns, activityRuns } from './activity-runs.ts';
import { memoryBlobs } from './fakes/blobs.ts';

export interface EmailWorldOptions {
  readonly database: Database;
  readonly url: string | undefined;
  readonly roots?: readonly string[];
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  readonly connections?: number;
  readonly from?: string;
}

export interface EmailWorld extends ActivityRuns {
  readonly mailer: SmtpMailer;
  readonly ports: EmailPorts;
  readonly users: UserStore;
  readonly blobs: BlobStore;
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
  const runs = activityRuns((shell) => createEmailActivities(ports, shell));
  return {
    mailer,
    ports,
    users,
    blobs,
    ...runs,
    close: () => mailer.close(),
  };
}
