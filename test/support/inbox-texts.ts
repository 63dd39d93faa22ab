/** The part of the development inbox that takes text messages, for tests. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createTextProvider,
  type InboxTextProvider,
  type TextProviderOptions,
} from '../../stack/inbox/texts/provider.ts';
import { openTextStore, type TextStore } from '../../stack/inbox/texts/store.ts';

export const ACCOUNT = { sid: `AC${'1'.repeat(32)}`, token: 'token-of-the-account' } as const;

export async function inboxTexts(
  folder: string,
  script?: TextProviderOptions['script'],
): Promise<{ texts: TextStore; provider: InboxTextProvider }> {
  const texts = await openTextStore(folder, 100_000);
  return { texts, provider: createTextProvider({ store: texts, account: ACCOUNT, script }) };
}

/** A provider on a port of its own. */
export interface TestTexts {
  readonly url: string;
  readonly texts: TextStore;
  stop(): Promise<void>;
}

export async function startTestTexts(folder: string, script?: TextProviderOptions['script']): Promise<TestTexts> {
  const { texts, provider } = await inboxTexts(folder, script);
  const server: Server = createServer((request, response) => {
    provider.answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return {
    url: `http://127.0.0.1:${String(port)}`,
    texts,
    stop: async () => {
      provider.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
