/** Compares what the provider has with what is known here, and keeps the differences. */
import { BILLING_KINDS } from '../../contracts/billing/vocabulary.ts';
import type { BillingDifference } from '../../contracts/billing/schema.ts';
import { MINUTE_MS } from '../../contracts/values/units.ts';
import type { Database } from '../database/pool.ts';
import type { BillingFacts, ListedKind, ListedObject, PaymentProvider, Reconciler } from './port.ts';
import { knownObjects } from './records.ts';

/** What {@link createReconciler} needs. */
export interface ReconcilerOptions {
  readonly database: Database;
  readonly provider: Pick<PaymentProvider, 'find' | 'list'>;
}

const KINDS = BILLING_KINDS.filter((kind): kind is ListedKind => kind !== 'customer');

/** Differences that a run returns; the table has all of them. */
const FIRST = 50;

/** What was made so recently may not have been told yet. */
const YOUNG_MS = 10 * MINUTE_MS;

/** Opens it in a migrated database. */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  return {
    compare: async (since, watched) => {
      const found: Found = { differences: [], compared: 0, skipped: 0 };
      for (const kind of KINDS) await compareKind(options, { kind, since, ...watched }, found);
      await keep(options.database, found.differences);
      const { compared, skipped, differences } = found;
      return { compared, skipped, differences: differences.length, first: differences.slice(0, FIRST) };
    },
  };
}

/** What was found so far. */
interface Found {
  readonly differences: BillingDifference[];
  compared: number;
  skipped: number;
}

interface KindRun {
  readonly kind: ListedKind;
  readonly since: Date;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

async function compareKind({ database, provider }: ReconcilerOptions, run: KindRun, found: Found): Promise<void> {
  const { kind, since, signal, onProgress } = run;
  const seen = new Set<string>();
  for await (const page of provider.list(kind, since)) {
    signal.throwIfAborted();
    for (const { facts } of page) seen.add(facts.id);
    await comparePage(database, page, found);
    onProgress(found.compared);
  }
  for (const ours of await unseen(database, kind, since, seen)) {
    signal.throwIfAborted();
    const theirs = await provider.find(kind, ours.id);
    found.compared += 1;
    found.differences.push(...(theirs === undefined ? [missingThere(ours)] : differencesOf(theirs.facts, ours)));
  }
}

async function comparePage(database: Database, page: readonly ListedObject[], found: Found): Promise<void> {
  const ids = page.map(({ facts }) => facts.id);
  const [waiting, known] = await Promise.all([waitingObjects(database, page), knownObjects(database, ids)]);
  for (const { facts } of page) {
    if (waiting.has(facts.id)) found.skipped += 1;
    else found.differences.push(...differencesOf(facts, known.get(facts.id)?.facts));
  }
  found.compared += page.length;
}

/** Returns the objects of a page that changed just now or of which events wait: the next run compares them. */
async function waitingObjects(database: Database, page: readonly ListedObject[]): Promise<ReadonlySet<string>> {
  const young = page.filter(({ createdAt, asOf }) => asOf.getTime() - createdAt.getTime() < YOUNG_MS);
  const { rows } = await database.query<{ id: string }>(
    `select distinct object_id as id from billing_events where state = 'pending' and object_id = any($1::text[])`,
    [page.map(({ facts }) => facts.id)],
  );
  return new Set([...young.map(({ facts }) => facts.id), ...rows.map(({ id }) => id)]);
}

const COMPARED = ['status', 'amount', 'settled', 'currency'] as const;

function differencesOf(theirs: BillingFacts, ours: BillingFacts | undefined): readonly BillingDifference[] {
  const { id, kind } = theirs;
  if (ours === undefined) return [{ object_id: id, kind, field: 'missing here', ours: null, theirs: theirs.status }];
  return COMPARED.filter((field) => ours[field] !== theirs[field]).map((field) => ({
    object_id: id,
    kind,
    field,
    ours: textOf(ours[field]),
    theirs: textOf(theirs[field]),
  }));
}

function missingThere({ id, kind, status }: BillingFacts): BillingDifference {
  return { object_id: id, kind, field: 'missing there', ours: status, theirs: null };
}

const textOf = (value: string | number | null): string | null => (value === null ? null : String(value));

/** Returns what is known of objects that changed since a time and that no list had; what was deleted is not looked for. */
async function unseen(
  database: Database,
  kind: ListedKind,
  since: Date,
  seen: ReadonlySet<string>,
): Promise<readonly BillingFacts[]> {
  const { rows } = await database.query<{ id: string }>(
    `select object_id as id from billing_objects
     where kind = $1 and as_of >= $2 and as_of < now() - $3::double precision * interval '1 millisecond'
       and status <> 'deleted' order by object_id`,
    [kind, since, YOUNG_MS],
  );
  const ids = rows.map(({ id }) => id).filter((id) => !seen.has(id));
  return [...(await knownObjects(database, ids)).values()].map(({ facts }) => facts);
}

/** The table holds what the last run found; a difference that stays keeps the time at which it was first seen. */
async function keep(database: Database, found: readonly BillingDifference[]): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query(
      `delete from billing_differences d where not exists (
         select from unnest($1::text[], $2::text[]) as f (id, field) where f.id = d.object_id and f.field = d.field)`,
      [found.map((one) => one.object_id), found.map(({ field }) => field)],
    );
    await transaction.query(
      `insert into billing_differences (object_id, kind, field, ours, theirs)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
       on conflict (object_id, field) do update set ours = excluded.ours, theirs = excluded.theirs`,
      [
        found.map((one) => one.object_id),
        found.map(({ kind }) => kind),
        found.map(({ field }) => field),
        found.map(({ ours }) => ours),
        found.map(({ theirs }) => theirs),
      ],
    );
  });
}
