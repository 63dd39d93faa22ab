/** Builds the adapters and activities of the e-mail domain. */
import { createEmailActivities } from '../../activities/email/index.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createAttachmentLoader } from '../../services/email/attachments.ts';
import { createDigestSource } from '../../services/email/digest.ts';
import { createMailer } from '../../services/email/mailer.ts';
import { createEmailOutcomes } from '../../services/email/outcomes.ts';
import { createEmailTemplates } from '../../services/email/templates.ts';
import { createUserStore } from '../../services/users/postgres.ts';
import type { Domain, DomainContext } from './domain.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** Builds the e-mail domain with its real adapters. */
export function createEmailDomain({ config, database, shell }: DomainContext): Domain {
  const { email } = config;
  const blobs = createBlobStore(config.blobs.url);
  const maxBytes = email.attachmentMaxMb * BYTES_PER_MB;
  const mailer = createMailer({
    url: email.smtpUrl,
    connections: email.smtpConnections,
    timeoutMs: email.smtpTimeoutMs,
    database,
    from: email.from,
    adminEmail: email.adminEmail,
    attachments: createAttachmentLoader({ roots: email.attachmentRoots, maxBytes, blobs }),
  });
  const activities = createEmailActivities(
    {
      mailer,
      outcomes: createEmailOutcomes(database),
      templates: createEmailTemplates(email.publicUrl),
      users: createUserStore(database),
      digests: createDigestSource(database),
      blobs,
      inactiveAfterDays: email.inactiveAfterDays,
      retryDelayScale: config.worker.retryDelayScale,
    },
    shell,
  );
  return {
    activities,
    close: () => mailer.close(),
  };
}
