/** What the histories of a canvas and of its parts tell of its calls: what they were given, and how often they were tried. */
import { inputOf } from '../../canvas/signature/task-input.ts';
import { findTask } from '../../contracts/register.schema.ts';
import type { AttemptFacts } from '../../contracts/tasks/calls.ts';
import { type Pack, PACK_ACTIVITY, type PackedStep } from '../../contracts/tasks/packs.ts';
import { unmarked } from '../../contracts/values/sealed.ts';
import { summariesOf } from '../canvas/times.ts';
import { decoded } from '../connection/decoded.ts';
import type { Rpc } from '../connection/rpc.ts';
import { type History, type HistoryEvent, partsIn, readHistory, type RunId } from './history.ts';

/** A call by its place in the tree and its id. */
export interface CanvasCall {
  readonly path: string;
  readonly id: string;
}

/** What is known of a call. */
export interface CallFacts {
  /** Absent when the histories do not tell it: a call that was given the result of another one in a pack. */
  readonly input?: unknown;
  readonly attempts: number;
}

/** Most events that are read for one canvas. */
const MOST_EVENTS = 40_000;

/**
 * Reads what is known of some calls.
 *
 * @returns by path; a call that the histories do not show is left out
 * @throws NotFound, Unavailable
 */
export async function readCalls(
  rpc: Rpc,
  run: RunId & { readonly historyLength: number },
  calls: readonly CanvasCall[],
): Promise<ReadonlyMap<string, CallFacts>> {
  const found = new Map<string, CallFacts>();
  if (run.historyLength > MOST_EVENTS) return found;
  const wanted = {
    paths: new Set(calls.map(({ path }) => path)),
    ids: new Map(calls.map(({ id, path }) => [id, path])),
  };
  let [left, waiting]: [number, RunId[]] = [MOST_EVENTS, [run]];
  for (let next = waiting.shift(); next !== undefined && left > 0; next = waiting.shift()) {
    const history = await readHistory(rpc, next);
    left -= history.events?.length ?? 0;
    waiting = [...waiting, ...partsIn(history)];
    for (const [path, facts] of await factsIn(rpc, history, wanted)) found.set(path, facts);
  }
  return found;
}

interface Wanted {
  readonly paths: ReadonlySet<string>;
  /** Paths by the ids of calls. */
  readonly ids: ReadonlyMap<string, string>;
}

async function factsIn(rpc: Rpc, history: History, wanted: Wanted): Promise<ReadonlyMap<string, CallFacts>> {
  const facts = new Map<string, CallFacts>();
  const summaries = await summariesOf(rpc, history);
  const attempts = attemptsByEvent(history);
  for (const event of history.events ?? []) {
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (name === PACK_ACTIVITY) {
      const [pack] = await inputIn(rpc, event);
      for (const [path, call] of callsOfPack(pack as Pack | undefined, wanted)) facts.set(path, call); // its input
      continue;
    }
    const eventId = Number(event.eventId);
    const path = name === undefined ? undefined : pathOf(summaries.get(eventId));
    if (path !== undefined && wanted.paths.has(path))
      facts.set(path, factsOf(await inputIn(rpc, event), attempts.get(eventId)));
  }
  return facts;
}

function factsOf([input, facts]: readonly unknown[], attempts = 1): CallFacts {
  const before = (facts as AttemptFacts | undefined)?.attemptsBefore ?? 0; // what is passed to the shell
  return { input: unmarked(input), attempts: before + attempts };
}

/** Returns the path from a summary of the form `task path`. */
function pathOf(summary: unknown): string | undefined {
  return typeof summary === 'string' ? summary.split(' ').at(-1) : undefined;
}

/** Nothing when it cannot be read, because its key or its file is gone: the letter is written without it. */
async function inputIn(rpc: Rpc, event: HistoryEvent): Promise<readonly unknown[]> {
  try {
    return await decoded(rpc, event.activityTaskScheduledEventAttributes?.input?.payloads ?? []);
  } catch {
    return [];
  }
}

function attemptsByEvent({ events }: History): ReadonlyMap<number, number> {
  return new Map(
    (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
      started ? [[Number(started.scheduledEventId), started.attempt ?? 1] as const] : [],
    ),
  );
}

function callsOfPack(pack: Pack | undefined, { ids }: Wanted): readonly (readonly [string, CallFacts])[] {
  return (pack?.items ?? []).flatMap((item) =>
    item.flatMap((step, index) => {
      const path = ids.get(step.id);
      if (path === undefined) return [];
      const attempts = step.attempt ?? 1;
      return [[path, isGiven(step, index) ? { input: inputOfStep(step), attempts } : { attempts }] as const];
    }),
  );
}

/** Whether the pack holds everything that the call was given. */
function isGiven({ immutable, joins }: PackedStep, index: number): boolean {
  return (index === 0 || immutable === true) && joins === undefined;
}

function inputOfStep({ task, args = [], kwargs = {} }: PackedStep): unknown {
  const row = findTask(task);
  try {
    return row && unmarked(inputOf(row, args, kwargs));
  } catch {
    return undefined; // arguments that are no input, because of which the call has failed
  }
}
