/** Counts effects where they show: in the mailbox, at the provider of texts, and in the tables; nobody's word counts. */
import { z } from 'zod';
import type { Database } from '../../services/database/pool.ts';
import type { EffectKey } from './jobs.ts';

/** A dead letter of a run. */
export interface Letter {
  readonly taskId: string;
  readonly workflowId: string;
  readonly taskName: string;
  readonly failure: string;
}

/** What is there at the far ends. */
export interface FarEnd {
  /** How often each effect is there. */
  readonly effects: ReadonlyMap<string, number>;
  readonly letters: readonly Letter[];
  /** Messages that the mail server was given more than once; their Message-ID is the same, so a mailbox shows them once. */
  readonly handedOverAgain: number;
}

/** Where the far ends are. */
export interface FarEndPlaces {
  readonly database: Database;
  /** Base address of the inbox. */
  readonly inbox: string;
}

/** Most entries of one answer of the inbox. */
const PAGE = 10_000;

/** Looks at all far ends, for effects whose keys begin with the name of the run. */
export async function lookAtFarEnd({ database, inbox }: FarEndPlaces, name: string): Promise<FarEnd> {
  const effects = new Map<string, number>();
  const add = (key: EffectKey, times = 1): void => {
    effects.set(key, (effects.get(key) ?? 0) + times);
  };
  for (const [place, text] of TABLES) {
    const { rows } = await database.query<{ key: string; times: number }>(text, [`${name}-%`]);
    for (const { key, times } of rows) add(`${place} ${key}`, times);
  }
  const letters = await lettersOf(database);
  for (const { taskId } of letters) add(`letter ${taskId}`);
  const mails = await mailsIn(inbox);
  for (const { to } of mails) for (const address of to) add(`mail ${address}`);
  for (const { to } of await textsIn(inbox)) add(`text ${to}`);
  return { effects, letters, handedOverAgain: mails.filter(({ copies }) => copies > 1).length };
}

const TABLES = [
  ['counter', 'select name as key, value::int as times from operations_counters where name like $1'],
  ['note', `select key, 1 as times from operations_effects where kind = 'note' and key like $1`],
  ['user', 'select id as key, 1 as times from users where id like $1'],
] as const;

async function lettersOf(database: Database): Promise<readonly Letter[]> {
  const { rows } = await database.query<Letter>(
    `select task_id as "taskId", workflow_id as "workflowId", task_name as "taskName",
            error_type || ': ' || error_message as failure from dead_letters`,
  );
  return rows;
}

const mailSchema = z.object({ to: z.array(z.string()), copies: z.int() });
const mailPageSchema = z.object({ messages: z.array(mailSchema), next: z.int().nullable() });
const textPageSchema = z.object({ texts: z.array(z.object({ to: z.string() })), total: z.int() });

async function mailsIn(inbox: string): Promise<readonly z.infer<typeof mailSchema>[]> {
  const found: z.infer<typeof mailSchema>[] = [];
  for (let before: number | null | undefined; before !== null;) {
    const page = mailPageSchema.parse(
      await get(`${inbox}/messages?limit=${String(PAGE)}${before === undefined ? '' : `&before=${String(before)}`}`),
    );
    found.push(...page.messages);
    before = page.next;
  }
  return found;
}

async function textsIn(inbox: string): Promise<readonly { readonly to: string }[]> {
  const { texts, total } = textPageSchema.parse(await get(`${inbox}/texts.json?limit=${String(PAGE)}`));
  if (total > texts.length)
    throw new Error(`expected at most ${String(PAGE)} texts in the inbox, got ${String(total)}`);
  return texts;
}

async function get(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`expected an answer of the inbox, got ${String(response.status)}`);
  return response.json();
}
