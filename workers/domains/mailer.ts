/** Builds what sends mail, for the domains that do. */
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import { createAttachmentLoader } from '../../services/email/attachments.ts';
import { createMailer, type SmtpMailer } from '../../services/email/mailer.ts';
import type { DomainContext } from './domain.ts';

/** Builds the mailer of a worker. Nothing is connected before the first message. */
export function mailerOf(
  { config, database }: Pick<DomainContext, 'config' | 'database'>,
  blobs: BlobStore,
): SmtpMailer {
  const { email } = config;
  return createMailer({
    url: email.smtpUrl,
    connections: email.smtpConnections,
    timeoutMs: email.smtpTimeoutMs,
    database,
    from: email.from,
    adminEmail: email.adminEmail,
    attachments: createAttachmentLoader({
      roots: email.attachmentRoots,
      maxBytes: email.attachmentMaxMb * BYTES_PER_MB,
      blobs,
    }),
  });
}
