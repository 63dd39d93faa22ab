/** Processes what the provider has told: lane by lane, in the order in which it happened, whatever order it came in. */
import type { EventState } from '../../contracts/billing/vocabulary.ts';
import type { Database, Queryable, Transaction } from '../database/pool.ts';
import { kindOf, readFacts } from './facts.ts';
import type { BillingFacts, EventProcessor, PaymentProvider, ProcessedCounts, Sealer, Snapshot } from './port.ts';
import { knownObjects, tryLane, writeObjects } from './records.ts';

/** What {@link createEventProcessor} needs. */
export interface ProcessorOptions {
  readonly database: Database;
  readonly sealer: Pick<Sealer, 'open'>;
  /** Asked where two events of one second leave open which came last. */
  readonly provider: Pick<PaymentProvider, 'find'>;
}

/** Events of one transaction. */
const EVENTS_AT_ONCE = 200;

/** Lanes that are looked for at once. */
const LANES_AT_ONCE = 500;

/** Lanes in work at once; each needs a connection to the database. */
const LANES_IN_WORK = 4;

/** Opens the processor of a migrated database. */
export function createEventProcessor(options: ProcessorOptions): EventProcessor {
  return {
    process: async ({ limit, signal, onProgress }) => {
      const run = new Run(options, limit, onProgress);
      await run.all(signal);
      return run.counts;
    },
  };
}

/** One run over all lanes. */
class Run {
  readonly counts: Record<keyof ProcessedCounts, number> = { applied: 0, outdated: 0, unknown: 0, unreadable: 0 };
  readonly #options: ProcessorOptions;
  readonly #limit: number;
  readonly #onProgress: (done: number) => void;
  /** Lanes that somebody else has, and those that the provider keeps: they are not looked at again. */
  readonly #left = new Set<string>();
  #done = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: ProcessorOptions, limit: number, onProgress: (done: number) => void) {
    this.#options = options;
    this.#limit = limit;
    this.#onProgress = onProgress;
  }

  async all(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const lanes = this.#done < this.#limit ? await pendingLanes(this.#options.database, [...this.#left]) : [];
      if (lanes.length === 0) break;
      const next = lanes.values();
      const worker = async (): Promise<void> => {
        for (const lane of next) {
          signal.throwIfAborted();
          if (this.#done < this.#limit) await this.#lane(lane);
        }
      };
      await Promise.all(Array.from({ length: Math.min(LANES_IN_WORK, lanes.length) }, worker));
    }
    // One customer keeps nobody else waiting.
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #lane(lane: string): Promise<void> {
    try {
      const ended = await processLane(this.#options, lane);
      if (ended === undefined || ended.length === 0) this.#left.add(lane);
      for (const state of ended ?? []) this.counts[state] += 1;
      this.#done += ended?.length ?? 0;
      this.#onProgress(this.#done);
    } catch (error) {
      this.#left.add(lane);
      this.#failure ??= { error };
    }
  }
}

async function pendingLanes(database: Database, left: readonly string[]): Promise<readonly string[]> {
  const { rows } = await database.query<{ lane: string }>(
    `select lane from billing_events where state = 'pending' and lane <> all($1::text[])
     group by lane order by min(received_at) limit $2`,
    [left, LANES_AT_ONCE],
  );
  return rows.map(({ lane }) => lane);
}

type Ended = Exclude<EventState, 'pending'>;

/** Returns what became of the events of a lane; `undefined` when somebody else has it. */
async function processLane(options: ProcessorOptions, lane: string): Promise<readonly Ended[] | undefined> {
  const { database, provider } = options;
  // The provider is asked before the lane is locked, so that nobody waits for its answer with a connection.
  const open = await pendingEvents(options, database, lane);
  const asked: Map<string, Snapshot | undefined> = new Map();
  for (const { kind, id } of judge(open.events, open.known, asked).unsure) asked.set(id, await provider.find(kind, id));
  return database.transaction(async (transaction) => {
    if (!(await tryLane(transaction, lane))) return undefined;
    const { events, known } = await pendingEvents(options, transaction, lane);
    const { outcomes, states } = judge(events, known, asked);
    await writeObjects(transaction, [...states.values()]);
    await noteOutcomes(transaction, outcomes);
    return outcomes.map(({ state }) => state);
  });
}

interface PendingEvent {
  readonly id: string;
  readonly type: string;
  readonly objectId: string | null;
  readonly happenedAt: Date;
  readonly object: unknown;
}

interface OpenLane {
  readonly events: readonly PendingEvent[];
  readonly known: ReadonlyMap<string, Snapshot>;
}

async function pendingEvents({ sealer }: ProcessorOptions, database: Queryable, lane: string): Promise<OpenLane> {
  const { rows } = await database.query<Omit<PendingEvent, 'object'> & { readonly sealed: Buffer }>(
    `select event_id as id, event_type as type, object_id as "objectId", happened_at as "happenedAt", sealed
     from billing_events where lane = $1 and state = 'pending' order by happened_at, event_id limit $2`,
    [lane, EVENTS_AT_ONCE],
  );
  const events = rows.map(({ sealed, ...event }) => ({
    ...event,
    object: JSON.parse(sealer.open(sealed, event.id).toString()) as unknown,
  }));
  const ids = rows.flatMap(({ objectId }) => objectId ?? []);
  return { events, known: await knownObjects(database, [...new Set(ids)]) };
}

interface Judged {
  readonly outcomes: readonly { readonly id: string; readonly state: Ended }[];
  /** The states that are new, by object. */
  readonly states: ReadonlyMap<string, Snapshot>;
  /** Objects of which two states of one second are known: the provider has to say how they stand. */
  readonly unsure: readonly BillingFacts[];
}

/**
 * Decides about events in the order in which they happened.
 *
 * @param asked - how objects stand that were not sure; `undefined` for one that the provider does not know any more
 */
function judge(
  events: readonly PendingEvent[],
  known: ReadonlyMap<string, Snapshot>,
  asked: ReadonlyMap<string, Snapshot | undefined>,
): Judged {
  const outcomes: { id: string; state: Ended }[] = [];
  const states = new Map<string, Snapshot>();
  const unsure = new Map<string, BillingFacts>();
  for (const event of events) {
    const read = factsOf(event);
    if (typeof read === 'string') {
      outcomes.push({ id: event.id, state: read });
      continue;
    }
    const before = states.get(read.id) ?? known.get(read.id);
    const order = orderOf(event.happenedAt, read, before);
    if (order === 'unsure' && !asked.has(read.id)) {
      unsure.set(read.id, read);
      continue;
    }
    if (order === 'newer' || order === 'unsure') states.set(read.id, stateOf(event, read, order, asked));
    outcomes.push({ id: event.id, state: order === 'older' ? 'outdated' : 'applied' });
  }
  return { outcomes, states, unsure: [...unsure.values()] };
}

/** Returns how an object stands after an event; of one that was unsure, as the provider has it. */
function stateOf(
  { happenedAt }: PendingEvent,
  facts: BillingFacts,
  order: 'newer' | 'unsure',
  asked: ReadonlyMap<string, Snapshot | undefined>,
): Snapshot {
  const now = order === 'unsure' ? asked.get(facts.id) : undefined;
  return now === undefined ? { facts, asOf: happenedAt } : { facts: now.facts, asOf: latest(now.asOf, happenedAt) };
}

function factsOf({ type, objectId, object }: PendingEvent): BillingFacts | 'unknown' | 'unreadable' {
  const kind = kindOf(object);
  // An invoice that is only announced has no id.
  if (kind === undefined || objectId === null) return 'unknown';
  const facts = readFacts(kind, object);
  if (facts === undefined) return 'unreadable';
  // The object of such an event is as it was before.
  return type === `${kind}.deleted` ? { ...facts, status: 'deleted' } : facts;
}

function orderOf(at: Date, facts: BillingFacts, before: Snapshot | undefined): 'newer' | 'older' | 'unsure' | 'same' {
  if (before === undefined || at > before.asOf) return 'newer';
  if (at < before.asOf) return 'older';
  return isSame(facts, before.facts) ? 'same' : 'unsure';
}

function isSame(one: BillingFacts, other: BillingFacts): boolean {
  const fields = ['status', 'amount', 'settled', 'currency', 'detail', 'endsAt'] as const;
  return fields.every((field) => one[field] === other[field]);
}

const latest = (one: Date, other: Date): Date => (one > other ? one : other);

/** What was applied is not kept: the row of its object says the same without a name. */
async function noteOutcomes(transaction: Transaction, outcomes: Judged['outcomes']): Promise<void> {
  await transaction.query(
    `update billing_events e set state = o.state, processed_at = now(),
       sealed = case when o.state in ('unknown', 'unreadable') then e.sealed end
     from unnest($1::text[], $2::text[]) as o (id, state) where e.event_id = o.id`,
    [outcomes.map(({ id }) => id), outcomes.map(({ state }) => state)],
  );
}
