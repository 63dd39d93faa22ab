/** The port that only the routes of text messages use. */
import { createMessageNews } from '../../services/messages/news.ts';
import type { MessageNews } from '../../services/messages/port.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The port of text messages. */
export interface MessagePorts {
  readonly messages: {
    readonly news: MessageNews;
    /** Signs what the provider tells; `undefined` when there is no account. */
    readonly authToken: string | undefined;
    /** Address of the API as the provider knows it. */
    readonly publicUrl: string;
  };
}

/** What the handlers of text messages may use. */
export type MessageServices = ApiServices & MessagePorts;

/** Builds the port over the database. */
export function openMessagePorts({ database, config }: ApiRoot): MessagePorts {
  const { authToken, stopWords } = config.messages;
  return {
    messages: { news: createMessageNews(database, stopWords), authToken, publicUrl: config.email.publicUrl },
  };
}
