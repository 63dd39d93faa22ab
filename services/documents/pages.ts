/** The pages of documents in PostgreSQL, handed out in parts that a process can take in one turn. */
import type { Database } from '../database/pool.ts';
import { isUuid, storableJson } from '../database/text.ts';
import type { PageReading } from '../ocr/port.ts';
import { documentNotFound, restOf, toReading, type PageRow } from './mapping.ts';
import type { PageRange, PagesRead } from './port.ts';

/** About what a part may weigh, in characters; parsing as much JSON takes some 20 ms. */
const MOST_CHARACTERS = 2_000_000;

/** About what one word weighs in JSON, in characters. */
const WORD_CHARACTERS = 100;

/** Pages that are fetched together; a page of a book weighs a twentieth of what they may. */
const PAGES_AT_ONCE = 50;

/** Returns the pages that were read under a key. */
export async function pagesRead(database: Database, id: string, readingKey: string): Promise<readonly number[]> {
  if (!isUuid(id)) return [];
  const { rows } = await database.query<{ page: number }>(
    'select page from document_pages where document_id = $1 and reading_key = $2 order by page',
    [id, readingKey],
  );
  return rows.map(({ page }) => page);
}

/**
 * Stores a page once. A page read under a key that is no longer current comes from an overtaken attempt and is dropped.
 */
export async function savePage(
  database: Database,
  id: string,
  readingKey: string,
  reading: PageReading,
): Promise<void> {
  if (!isUuid(id)) throw documentNotFound(id);
  const { rows } = await database.query<{ id: string }>(
    `with current as (select id, reading_key from documents where id = $1 for share),
     saved as (
       insert into document_pages (document_id, page, reading_key, text, confidence, engine, fallback_reason, reading)
       select id, $3, $2, $4, $5, $6, $7, $8::jsonb from current where reading_key = $2
       on conflict (document_id, page) do nothing
     )
     select id from current`,
    [
      id,
      readingKey,
      reading.page,
      reading.text,
      reading.confidence,
      reading.engine,
      reading.fallbackReason ?? null,
      storableJson(restOf(reading)),
    ],
  );
  if (rows.length === 0) throw documentNotFound(id);
}

/** Returns the text of all pages that were read under a key, in bytes. */
export async function textBytes(database: Database, id: string, readingKey: string): Promise<number> {
  if (!isUuid(id)) return 0;
  const { rows } = await database.query<{ bytes: number }>(
    `select coalesce(sum(octet_length(text)), 0)::float8 as bytes from document_pages
     where document_id = $1 and reading_key = $2`,
    [id, readingKey],
  );
  return rows[0]?.bytes ?? 0;
}

/**
 * Returns the pages after one, as many as a process can take in one turn, and at least one.
 *
 * @param range - with `words: false`, the words are left out, and do not count
 */
export async function pagesAfter(
  database: Database,
  id: string,
  range: PageRange & { readonly words: boolean },
): Promise<PagesRead> {
  const reading = range.words ? 'p.reading' : `p.reading || '{"words": []}' as reading`;
  const rows = await part<PageRow & { readonly following: number | null }>(
    database,
    `p.page, p.text, p.confidence, p.engine, p.fallback_reason, ${reading}, chosen.following`,
    id,
    range,
  );
  const last = rows.at(-1);
  return { items: rows.map(toReading), next: last === undefined || last.following === null ? null : last.page };
}

/** Yields all pages of a document in order, with one part in memory. */
export async function* readings(database: Database, id: string): AsyncGenerator<PageReading, void, undefined> {
  for (let after: number | null = -1; after !== null;) {
    const { items, next }: PagesRead = await pagesAfter(database, id, { after, limit: PAGES_AT_ONCE, words: true });
    yield* items;
    after = next;
  }
}

/** Returns the first pages of a document, as one JSON text for each, because whoever passes them on need not parse them. */
export async function firstPagesAsJson(database: Database, id: string, limit: number): Promise<readonly string[]> {
  const facts = `'page', p.page, 'text', p.text, 'confidence', p.confidence, 'engine', p.engine`;
  const json = `(p.reading || jsonb_build_object(${facts}))::text as json`;
  const rows = await part<{ json: string }>(database, json, id, { after: -1, limit, words: true });
  return rows.map((row) => row.json);
}

/** Selects from the pages of a range whose weights together are small enough; `chosen.following` is the next page. */
async function part<Row extends object>(
  database: Database,
  columns: string,
  id: string,
  { after, limit, words }: PageRange & { readonly words: boolean },
): Promise<readonly Row[]> {
  if (!isUuid(id)) return [];
  const ofWords = words ? ` + ${String(WORD_CHARACTERS)} * jsonb_array_length(p.reading->'words')` : '';
  const { rows } = await database.query<Row>(
    `select ${columns} from (
       select page, lead(page) over (order by page) as following, row_number() over (order by page) as number,
         sum(weight) over (order by page) as total
       from (
         select p.page, length(p.text)${ofWords} as weight
         from document_pages p join documents d on d.id = p.document_id and d.reading_key = p.reading_key
         where p.document_id = $1 and p.page > $2 order by p.page limit $3 + 1
       ) as weighed
     ) as chosen join document_pages p on p.document_id = $1 and p.page = chosen.page
     where chosen.number = 1 or (chosen.number <= $3 and chosen.total <= $4)
     order by p.page`,
    [id, after, limit, MOST_CHARACTERS],
  );
  return rows;
}
