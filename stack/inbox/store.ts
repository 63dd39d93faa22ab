/** Storage of the development inbox: one file with the message, and one with its fields for lists. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type MailReader, type MailSummary, UnreadableMail } from './reading.ts';

/** Fields of a message for lists. */
export interface InboxMessage {
  /** Id derived from the Message-ID, so that a repeated delivery is the same message. */
  readonly id: string;
  readonly messageId: string;
  readonly from: string;
  /** Recipients of the envelope. */
  readonly to: readonly string[];
  readonly subject: string;
  /** Time of the first delivery, ISO 8601 in UTC. */
  readonly receivedAt: string;
  /** Size of the message, in bytes. */
  readonly size: number;
  /** Number of deliveries to the same recipient; 1 for a message that came once to each. */
  readonly copies: number;
  /** Number that grows with each new message. */
  readonly number: number;
}

/** Sender and recipients of the SMTP envelope. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** Filter of a list, which is ordered newest first. */
export interface InboxFilter {
  /** Only messages to this address. */
  readonly to?: string | undefined;
  /** Only messages before this number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The messages of an inbox. */
export interface InboxStore {
  /** Stores a message; resolves when it is on disk. */
  add(envelope: Envelope, raw: Buffer): Promise<void>;
  list(filter: InboxFilter): { readonly messages: readonly InboxMessage[]; readonly total: number };
  find(id: string): InboxMessage | undefined;
  /** Returns the message as it was received. */
  raw(id: string): Promise<Buffer>;
}

const messageSchema: z.ZodType<InboxMessage> = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  messageId: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  receivedAt: z.string(),
  size: z.int(),
  copies: z.int(),
  number: z.int(),
});

/** Opens the inbox of a folder, which keeps the newest `maxMessages`. */
export async function openInboxStore(folder: string, maxMessages: number, reader: MailReader): Promise<InboxStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const messages = new Map((await readIndex(folder)).map((message) => [message.id, message]));
  const adding = new Map<string, Promise<void>>();
  let lastNumber = Math.max(0, ...[...messages.values()].map(({ number }) => number));

  const add = async (id: string, envelope: Envelope, raw: Buffer): Promise<void> => {
    const known = messages.get(id);
    const number = known?.number ?? (lastNumber += 1);
    const message =
      known === undefined ? describe(id, envelope, raw, number, await summaryOf(reader, raw)) : again(known, envelope);
    if (known === undefined) await write(path.join(folder, `${id}.eml`), raw);
    await write(path.join(folder, `${id}.json`), JSON.stringify(message));
    messages.set(id, message);
    await makeRoom(folder, messages, maxMessages);
  };
  return {
    add: async (envelope, raw) => {
      const id = idOf(raw);
      // Deliveries of the same message are processed one after the other.
      const turn = (adding.get(id) ?? Promise.resolve()).catch(() => undefined).then(() => add(id, envelope, raw));
      adding.set(id, turn);
      await turn.finally(() => {
        if (adding.get(id) === turn) adding.delete(id);
      });
    },
    list: ({ to, before = Infinity, limit }) => {
      const wanted = [...messages.values()].filter((message) => to === undefined || message.to.includes(to));
      const newest = wanted.filter(({ number }) => number < before).toSorted((a, b) => b.number - a.number);
      return { messages: newest.slice(0, limit), total: wanted.length };
    },
    find: (id) => messages.get(id),
    raw: (id) => readFile(path.join(folder, `${id}.eml`)),
  };
}

/** Reads the stored messages. Files that were partly written when a process died have another name and are ignored. */
async function readIndex(folder: string): Promise<InboxMessage[]> {
  const names = new Set(await readdir(folder));
  const found: InboxMessage[] = [];
  for (const name of names) {
    if (!name.endsWith('.json') || !names.has(name.replace(/json$/, 'eml'))) continue;
    const parsed = messageSchema.safeParse(JSON.parse(await readFile(path.join(folder, name), 'utf8')));
    if (parsed.success) found.push(parsed.data);
  }
  return found.sort((a, b) => a.number - b.number);
}

/** Bytes in which the Message-ID is looked for. */
const HEADER_BYTES = 64 * 1024;

/** Derives the id of a message; without a Message-ID it is derived from the content. */
function idOf(raw: Buffer): string {
  return createHash('sha256')
    .update(messageIdOf(raw) ?? raw)
    .digest('hex')
    .slice(0, 32);
}

function messageIdOf(raw: Buffer): string | undefined {
  const [headers = ''] = raw.toString('latin1', 0, HEADER_BYTES).split('\r\n\r\n', 1);
  return /^message-id:\s*(\S+)/im.exec(headers)?.[1];
}

/** A message that cannot be read is kept, because its sender was told so. */
async function summaryOf(reader: MailReader, raw: Buffer): Promise<MailSummary> {
  try {
    return await reader.summary(raw);
  } catch (error) {
    if (!(error instanceof UnreadableMail)) throw error;
    return { subject: '(a message that cannot be read)', messageId: messageIdOf(raw) ?? '' };
  }
}

function describe(
  id: string,
  { from, to }: Envelope,
  raw: Buffer,
  number: number,
  { subject, messageId }: MailSummary,
): InboxMessage {
  const receivedAt = new Date().toISOString();
  return { id, messageId, from, to: [...to], subject, receivedAt, size: raw.byteLength, copies: 1, number };
}

function again(known: InboxMessage, { to }: Envelope): InboxMessage {
  // A message to several recipients comes once for each of them; only one that comes to the same again is a copy.
  const repeated = to.some((address) => known.to.includes(address));
  return { ...known, to: [...new Set([...known.to, ...to])], copies: known.copies + (repeated ? 1 : 0) };
}

/** Writes a file atomically, so that readers and the next start see all of it or nothing. */
async function write(file: string, content: string | Buffer): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Removes the oldest messages; the insertion order is the order of arrival. */
async function makeRoom(folder: string, messages: Map<string, InboxMessage>, maxMessages: number): Promise<void> {
  for (const id of messages.keys()) {
    if (messages.size <= maxMessages) return;
    messages.delete(id);
    await rm(path.join(folder, `${id}.json`), { force: true });
    await rm(path.join(folder, `${id}.eml`), { force: true });
  }
}
