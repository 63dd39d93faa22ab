/** Text messages that the inbox keeps: a file with one line for each message and for each change of its status. */
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const textSchema = z.object({
  /** Id of the message; `SM` and 32 hexadecimal digits. */
  sid: z.string(),
  to: z.string(),
  /** A number, a name, or the id of a messaging service. */
  from: z.string(),
  body: z.string(),
  status: z.enum(['queued', 'sent', 'delivered', 'undelivered']),
  errorCode: z.int().nullable(),
  /** ISO time. */
  createdAt: z.string(),
  /** Address that changes of the status are told to. */
  statusCallback: z.string().nullable(),
});

/** A kept message. */
export type InboxText = z.infer<typeof textSchema>;

/** What a message begins with. */
export type NewText = Pick<InboxText, 'to' | 'from' | 'body' | 'statusCallback'>;

/** The messages of an inbox. */
export interface TextStore {
  /** Keeps a message; resolves when it is on disk. */
  add(text: NewText): Promise<InboxText>;
  /** Changes the status of a message; resolves when it is on disk. */
  change(sid: string, status: InboxText['status'], errorCode: number | null): Promise<InboxText | undefined>;
  find(sid: string): InboxText | undefined;
  /** Returns messages, the newest first. */
  list(filter: { readonly to?: string | undefined; readonly limit: number }): readonly InboxText[];
  readonly total: number;
}

/** Opens the messages of a folder, which keeps the newest `maxMessages`. */
export async function openTextStore(folder: string, maxMessages: number): Promise<TextStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'texts.jsonl');
  const texts = new Map((await readTexts(file)).slice(-maxMessages).map((text) => [text.sid, text]));
  await writeFile(`${file}.new`, [...texts.values()].map(lineOf).join(''), { mode: 0o600 });
  await rename(`${file}.new`, file);
  const keep = async (text: InboxText): Promise<InboxText> => {
    texts.set(text.sid, text);
    const [oldest] = texts.keys();
    if (texts.size > maxMessages && oldest !== undefined) texts.delete(oldest);
    await append(file, lineOf(text));
    return text;
  };
  const append = inOneWrite(appendFile);
  return {
    add: (text) =>
      keep({
        ...text,
        sid: `SM${randomBytes(16).toString('hex')}`,
        status: 'queued',
        errorCode: null,
        createdAt: new Date().toISOString(),
      }),
    change: async (sid, status, errorCode) => {
      const text = texts.get(sid);
      return text === undefined ? undefined : keep({ ...text, status, errorCode });
    },
    find: (sid) => texts.get(sid),
    list: ({ to, limit }) =>
      [...texts.values()]
        .filter((text) => to === undefined || text.to === to)
        .slice(-limit)
        .toReversed(),
    get total() {
      return texts.size;
    },
  };
}

function lineOf(text: InboxText): string {
  return `${JSON.stringify(text)}\n`;
}

/** Reads the lines; the last one is left out when the process died while it wrote it. */
async function readTexts(file: string): Promise<readonly InboxText[]> {
  const content = await readFile(file, 'utf8').catch(() => '');
  const texts = new Map<string, InboxText>();
  for (const line of content.split('\n')) {
    const parsed = textSchema.safeParse(readLine(line));
    if (parsed.success) texts.set(parsed.data.sid, parsed.data);
  }
  return [...texts.values()];
}

function readLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Append = (file: string, lines: string) => Promise<void>;

/** Writes lines that come while others are written together, so that thousands a second cost few writes. */
function inOneWrite(write: Append): Append {
  let waiting: string[] = [];
  let next: Promise<void> | undefined;
  let running: Promise<void> = Promise.resolve();
  return (file, line) => {
    waiting.push(line);
    next ??= running = running
      .catch(() => undefined)
      .then(() => {
        const lines = waiting.join('');
        waiting = [];
        next = undefined;
        return write(file, lines);
      });
    return next;
  };
}
