/** Pages of lists: every list answers with `items` and `nextCursor`, and takes `limit` and `cursor`. */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { InvalidInput } from '../../client/index.ts';

const nextSchema = z.string().nullable().describe('`cursor` of the next page; null on the last one');

/** Returns the schema of a page of such items. */
export function pageOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; nextCursor: typeof nextSchema }> {
  return z.object({ items: z.array(item), nextCursor: nextSchema });
}

const cursorSchema = z.string().min(1).max(4_096).optional().describe('`nextCursor` of the page before');

/** Fields of the query of a list. */
interface PageShape {
  readonly limit: z.ZodDefault<z.ZodCoercedNumber<string>>;
  readonly cursor: typeof cursorSchema;
}

/** Returns the fields that the query of every list has; `most` and `usual` are entries on a page. */
export function pageShape({
  most = 500,
  usual = 100,
}: { readonly most?: number; readonly usual?: number } = {}): PageShape {
  return {
    limit: z.coerce.number<string>().int().min(1).max(most).default(usual).describe('Entries per page'),
    cursor: cursorSchema,
  };
}

/** One page as a list gives it: its entries, and where the next one begins, null after the last one. */
export interface Page<Item, Position> {
  readonly items: readonly Item[];
  readonly next: Position | null;
  /** Number of all entries, for lists that tell it. */
  readonly total?: number;
}

/** A request for a page. */
export interface PageRequest {
  readonly request: Request;
  readonly response: Response;
  readonly query: { readonly limit: number; readonly cursor?: string | undefined };
}

/**
 * Answers with one page of a list.
 *
 * @param asked - the request for the page
 * @param position - shape of the place after which a page begins
 * @param load - loads the page that begins after a place; without one, the first page
 * @throws InvalidInput the cursor is broken, or that of another list or filter
 */
export async function sendPage<Item, Position>(
  asked: PageRequest,
  position: z.ZodType<Position>,
  load: (after: Position | undefined) => Promise<Page<Item, Position>>,
): Promise<void> {
  const { request, response, query } = asked;
  const scope = scopeOf(request);
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor, scope, position);
  const { items, next, ...total } = await load(after);
  response.json({ ...total, items, nextCursor: next === null ? null : writeCursor(scope, next) });
}

/** The list and its filter: a cursor of another one would skip entries. */
function scopeOf({ path, query }: Request): string {
  const filter = Object.entries(query).filter(([name]) => name !== 'limit' && name !== 'cursor');
  const text = JSON.stringify([path, filter.sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function writeCursor(scope: string, position: unknown): string {
  return Buffer.from(JSON.stringify([scope, position])).toString('base64url');
}

function readCursor<Position>(cursor: string, scope: string, position: z.ZodType<Position>): Position {
  const read = z.tuple([z.string(), position]).safeParse(parsed(cursor));
  if (!read.success) throw badCursor('the `nextCursor` of the page before, unchanged', cursor);
  const [own, after] = read.data;
  if (own !== scope) throw badCursor('the `nextCursor` of a page of this list with the same filter', cursor);
  return after;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function badCursor(expected: string, cursor: string): InvalidInput {
  const got = `'${cursor.slice(0, 60)}'`;
  return new InvalidInput([{ field: 'cursor', expected: `${expected}; without a cursor the list begins anew`, got }]);
}

/**
 * Cuts a page out of a list that is there as a whole, in the order of its keys.
 *
 * @param keyOf - key of an entry; no two entries have the same one
 */
export function cutPage<Item, Key extends string | number>(
  all: readonly Item[],
  keyOf: (item: Item) => Key,
  { after, limit }: { readonly after: Key | undefined; readonly limit: number },
): Page<Item, Key> {
  const sorted = all.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  return endAt(rest, keyOf, limit);
}

/** Makes a page of entries of which one more was loaded than belongs on it. */
export function endAt<Item, Position>(
  loaded: readonly Item[],
  positionOf: (item: Item) => Position,
  limit: number,
): Page<Item, Position> {
  const items = loaded.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last !== undefined && loaded.length > limit ? positionOf(last) : null };
}
