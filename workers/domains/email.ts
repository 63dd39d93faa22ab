/** Builds the adapters and activities of the e-mail domain. */
import { createEmailActivities } from '../../activities/email/index.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createDigestSource } from '../../services/email/digest.ts';
import { createEmailOutcomes } from '../../services/email/outcomes.ts';
import { createEmailTemplates } from '../../services/email/templates.ts';
import { createUserStore } from '../../services/users/postgres.ts';
import type { Domain, DomainContext } from './domain.ts';
import { mailerOf } from './mailer.ts';

/** Builds the e-mail domain with its real adapters. */
export function createEmailDomain({ config, database, shell }: DomainContext): Domain {
  const { email } = config;
  const blobs = createBlobStore(config.blobs.url);
  const mailer = mailerOf({ config, database }, blobs);
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
