/** The ports of text messages; composition roots supply them. */
import type { Texter } from '../../services/messages/port.ts';

/** All ports of text messages. */
export interface MessagePorts {
  readonly texter: Texter;
  /** Returns a number in the form E.164, or throws. */
  readonly parseNumber: (text: string, field?: string) => Promise<string>;
}
