/** Objects of payments that the inbox keeps: a file with one line for each object and for each change of one. */
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const objectSchema = z.looseObject({ id: z.string(), object: z.string(), created: z.int() });

/** A kept object, as Stripe shows it. */
export type PaymentObject = z.infer<typeof objectSchema>;

const lineSchema = z.union([
  z.object({ object: objectSchema }),
  z.object({ key: z.string(), fingerprint: z.string(), id: z.string() }),
]);

/** What was done under an idempotency key. */
export interface DoneOnce {
  readonly fingerprint: string;
  /** The object that was made. */
  readonly id: string;
}

/** The objects of an account. */
export interface PaymentStore {
  /** Keeps objects, and what was done under a key; resolves when all of it is on disk. */
  put(objects: readonly PaymentObject[], done?: DoneOnce & { readonly key: string }): Promise<void>;
  find(id: string): PaymentObject | undefined;
  /** Returns the objects of a kind for which `isWanted` holds, the newest first. */
  list(kind: string, isWanted: (object: PaymentObject) => boolean): readonly PaymentObject[];
  done(key: string): DoneOnce | undefined;
}

/** Opens the objects of a folder. */
export async function openPaymentStore(folder: string): Promise<PaymentStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'payments.jsonl');
  const objects = new Map<string, PaymentObject>();
  const keys = new Map<string, DoneOnce>();
  for (const line of await readLines(file)) {
    if ('object' in line) objects.set(line.object.id, line.object);
    else keys.set(line.key, line);
  }
  const kept = [...objects.values()].map((object) => ({ object }));
  const known = [...keys].map(([key, done]) => ({ ...done, key }));
  await writeFile(`${file}.new`, [...kept, ...known].map(lineOf).join(''), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return {
    put: async (changed, done) => {
      for (const object of changed) objects.set(object.id, object);
      if (done !== undefined) keys.set(done.key, done);
      const lines = [...changed.map((object) => ({ object })), ...(done === undefined ? [] : [done])];
      await appendFile(file, lines.map(lineOf).join(''));
    },
    find: (id) => objects.get(id),
    list: (kind, isWanted) =>
      [...objects.values()]
        .filter((one) => one.object === kind && isWanted(one))
        .toReversed()
        .toSorted((a, b) => b.created - a.created),
    done: (key) => keys.get(key),
  };
}

/** Makes an id such as `re_…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

function lineOf(line: object): string {
  return `${JSON.stringify(line)}\n`;
}

/** Reads the lines; the last one is left out when the process died while it wrote it. */
async function readLines(file: string): Promise<readonly z.infer<typeof lineSchema>[]> {
  const content = await readFile(file, 'utf8').catch(() => '');
  return content.split('\n').flatMap((line) => {
    const parsed = lineSchema.safeParse(parse(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
