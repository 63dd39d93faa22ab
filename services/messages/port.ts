/** The ports of text messages. */
import type { ChannelFigures } from '../../contracts/messages/analytics.schema.ts';
import type { DeliveryStatus, Engagement, MessageType, RegularMessage } from '../../contracts/messages/vocabulary.ts';
import type { UserMessageOutput } from '../../contracts/messages/schema.ts';

/** How a text is coded for phone networks. */
export type Encoding = 'gsm7' | 'ucs2';

/** A message as the provider knows it. */
export interface ProviderMessage {
  /** Id that the provider gave the message. */
  readonly sid: string;
  readonly status: DeliveryStatus;
  /** Number of an error that the provider or a phone network reports. */
  readonly errorCode: number | undefined;
}

/** A message on its way to the provider. */
export interface ProviderRequest {
  /** In the form E.164. */
  readonly to: string;
  readonly body: string;
  /** Id of the message in the ledger, which callbacks carry. */
  readonly messageId: string;
}

/** Hands texts to a provider, and asks what became of them. */
export interface TextProvider {
  /** Number of messages that are worth sending concurrently. */
  readonly concurrency: number;
  /** Resolves when the provider has taken the message. Throws errors for `toTextFailure`. */
  send(request: ProviderRequest): Promise<ProviderMessage>;
  /**
   * Returns how a message stands, by its id; `undefined` when the provider does not know it any more. Throws errors for
   * `toTextFailure`.
   */
  look(sid: string): Promise<ProviderMessage | undefined>;
  /** Returns the messages with this text that the provider has taken for this number since a time, the oldest first. */
  taken(request: Pick<ProviderRequest, 'to' | 'body'>, since: Date): Promise<readonly ProviderMessage[]>;
}

/** A message to a number. */
export interface OutgoingText {
  /** Business key; what was sent under it is never sent again. */
  readonly key: string;
  /** In the form E.164. */
  readonly to: string;
  readonly body: string;
  readonly messageType: MessageType;
  readonly userId?: string | undefined;
}

/** What a message came to, as it was handed over. */
export interface TextFacts {
  readonly sid: string;
  readonly encoding: Encoding;
  readonly segments: number;
  /** Decimal number. */
  readonly cost: string;
}

/** Sends text messages, each key once. */
export interface Texter {
  /**
   * Sends a message, and records it before and after it is handed over. What was sent under the key before is not sent
   * again; its facts are returned.
   * @throws PerennialError what keeps the message: `MessageTooLong`, `RecipientOptedOut`, `MessageKeyReused`, what the
   *   provider answers, `MessagingNotConfigured`, `DatabaseUnavailable`; the signal's reason on abort
   */
  send(message: OutgoingText, signal: AbortSignal): Promise<TextFacts>;
}

/** A way to write to a user. */
export type Channel = 'sms' | 'email';

/** How a user wants to be written to. */
export interface Contact {
  readonly userId: string;
  readonly email: string;
  readonly timeZone: string;
  /** In the form E.164. */
  readonly phone: string | undefined;
  /** Whether the user has said that text messages are wanted. */
  readonly wantsTexts: boolean;
  readonly channel: Channel;
  /** Minutes of the day in the zone of the user; equal ones are no quiet hours. */
  readonly quietFrom: number;
  readonly quietUntil: number;
}

/** What a change sets; what is absent stays. */
export interface ContactChange {
  /** `null` takes it away. */
  readonly phone?: string | null;
  readonly wantsTexts?: boolean | undefined;
  readonly channel?: Channel | undefined;
  readonly quietFrom?: number | undefined;
  readonly quietUntil?: number | undefined;
}

/** A message that was tried on a channel. */
export interface Tried {
  readonly key: string;
  readonly userId: string;
  readonly messageType: MessageType;
  readonly channel: Channel;
  readonly status: 'sent' | 'failed';
}

/** Contacts of users. Every write may be repeated without a further effect. */
export interface Contacts {
  find(userId: string): Promise<Contact | undefined>;
  /** Returns false when there is no such user. */
  change(userId: string, change: ContactChange): Promise<boolean>;
  /** Notes what was tried; what was sent stands in the log of the user too. */
  note(tried: Tried): Promise<void>;
  /** Returns users who want what is told to all, in the order of their ids. */
  page(query: RecipientQuery): Promise<readonly Recipient[]>;
}

/** A page of the users that a regular message is for. */
export interface RecipientQuery {
  readonly messageType: RegularMessage;
  /** What stands before the id of the user in each message key. */
  readonly keyPrefix: string;
  /** Id of the last user of the page before; empty for the first. */
  readonly after: string;
  readonly limit: number;
}

/** One user of a page. */
export interface Recipient {
  readonly userId: string;
  /** Whether the message has reached a provider. */
  readonly told: boolean;
}

/** A message to a user. */
export interface UserMessage {
  readonly userId: string;
  readonly key: string;
  readonly messageType: MessageType;
  readonly body: string;
  /** Of mail. */
  readonly subject: string;
  /** The only channel, for what belongs there. */
  readonly only?: Channel;
  /** Whether many get the like, which mail says of itself. */
  readonly bulk?: boolean;
}

/** Tells users something. */
export interface Orchestrator {
  /** Sends a message once for each key. */
  send(message: UserMessage, signal: AbortSignal): Promise<UserMessageOutput>;
}

/** News of a message. */
export interface StatusNews {
  /** Id of the message in the ledger. */
  readonly messageId: string;
  readonly sid: string;
  readonly status: DeliveryStatus;
  readonly errorCode: number | undefined;
}

/** What the owner of a number answers. */
export interface TextAnswer {
  /** Id that the provider gave the answer. */
  readonly sid: string;
  readonly number: string;
  readonly body: string;
}

/** Messages that the provider was asked for. */
export interface UnsettledCounts {
  readonly asked: number;
  /** Those whose end is known now. */
  readonly settled: number;
  /** Those that the provider does not know any more. */
  readonly unknown: number;
}

/** Messages of which the provider has told no end. */
export interface Unsettled {
  /**
   * Asks for those that are due, at most so many.
   * @throws PerennialError what the provider answers
   */
  ask(limit: number, signal: AbortSignal): Promise<UnsettledCounts>;
}

/** Which messages are counted. */
export interface FiguresQuery {
  readonly since: Date;
  readonly userId?: string | undefined;
  readonly messageType?: MessageType | undefined;
}

/** What a user did with messages. */
export interface EngagementOfUser {
  readonly timeZone: string;
  /** Events in each hour of the day, in the zone of the user. */
  readonly byHour: readonly number[];
  readonly bestHour: number | null;
  readonly lastEngagedAt: Date | null;
}

/** Something that a user did with a message. */
export interface EngagementEvent {
  /** The same one counts once. */
  readonly eventKey: string;
  readonly userId: string;
  readonly channel: Channel;
  readonly kind: Engagement;
  /** ISO time. @defaultValue now */
  readonly happenedAt?: string | undefined;
}

/** What users did with messages. Every write may be repeated without a further effect. */
export interface EngagementStore {
  /** Returns the figures of each channel. */
  figures(query: FiguresQuery): Promise<readonly ChannelFigures[]>;
  /** Returns `undefined` when there is no such user. */
  ofUser(userId: string, since: Date): Promise<EngagementOfUser | undefined>;
  /** Returns false when there is no such user. */
  note(event: EngagementEvent): Promise<boolean>;
  /** Sets the best hour of a page of users who did something since a time. */
  optimize(
    since: Date,
    after: string,
    limit: number,
  ): Promise<{ readonly users: number; readonly known: number; readonly last: string | undefined }>;
}

/** Deletes what is kept of messages to a person. */
export interface PersonEraser {
  /**
   * Deletes it, once no message to the person is under way. The wish to get no messages stays: it belongs to a number.
   * @returns rows by table; `undefined` when there is no such user
   */
  erase(userId: string, signal: AbortSignal): Promise<Readonly<Record<string, number>> | undefined>;
}

/** Hears news. All of it may be told again, and in any order. */
export interface MessageNews {
  /** Notes how a message stands, unless more is known already. */
  status(news: StatusNews): Promise<void>;
  /** Notes what the owner of a number wants, once for each answer. */
  answer(answer: TextAnswer): Promise<void>;
}
