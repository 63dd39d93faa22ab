/** What the activities of the e-mail domain need; composition roots supply it. */
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
  /** A user without a sign of life for so many days is reminded. */
  readonly inactiveAfterDays: number;
  /** Multiplies the pauses between rounds, as the shell's retry delays. */
  readonly retryDelayScale: number;
}
