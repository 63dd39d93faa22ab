/** The ports of text messages; composition roots supply them. */
import type { DigestSource } from '../../services/email/port.ts';
import type { QueueMonitor } from '../../services/housekeeping/port.ts';
import type {
  Contacts,
  EngagementStore,
  Orchestrator,
  PersonEraser,
  Texter,
  Unsettled,
} from '../../services/messages/port.ts';

/** All ports of text messages. */
export interface MessagePorts {
  readonly texter: Texter;
  readonly contacts: Contacts;
  readonly unsettled: Unsettled;
  readonly engagement: EngagementStore;
  readonly eraser: PersonEraser;
  /** Works inside an activity only. */
  readonly queues: QueueMonitor;
  readonly digests: DigestSource;
  /** Multiplies the pauses between rounds, like the shell's retry delays. */
  readonly retryDelayScale: number;
  /** The clock; tests replace it. */
  readonly now: () => Date;
  /** `undefined` when there is nothing to send with. */
  readonly orchestrator: Orchestrator | undefined;
  /** Returns a number in the form E.164, or throws. */
  readonly parseNumber: (text: string, field?: string) => Promise<string>;
}
