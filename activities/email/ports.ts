/** The ports of the e-mail domain; composition roots supply them. */
import type { BlobStore } from '../../services/blobs/port.ts';
import type { DigestSource, Mailer, EmailOutcomes, EmailTemplates } from '../../services/email/port.ts';
import type { UserStore } from '../../services/users/port.ts';

/** All ports of the e-mail domain. */
export interface EmailPorts {
  readonly mailer: Mailer;
  readonly outcomes: EmailOutcomes;
  readonly templates: EmailTemplates;
  readonly users: UserStore;
  readonly digests: DigestSource;
  readonly blobs: BlobStore;
  /** Days of inactivity after which a user is reminded. */
  readonly inactiveAfterDays: number;
  /** Multiplies the pauses between rounds, like the shell's retry delays. */
  readonly retryDelayScale: number;
}
