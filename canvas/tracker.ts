/**
 * Remembers where each call of a run stands, for those who watch it. What has
 * not begun costs nothing: it is read from the plan.
 */
import type {
  CanvasCallState,
  CanvasFailedMember,
  CanvasKnown,
  CanvasPage,
  CanvasProgress,
} from '../contracts/canvas-views.ts';
import { branchesOf, callsIn } from './branches.ts';
import type { Node } from './nodes.ts';
import type { CallEvent, CanvasWatcher } from './runtime.ts';

/** What is remembered of one call that has begun. */
export interface CallRecord {
  readonly id: string;
  readonly path: string;
  readonly task: string;
  state: CanvasCallState;
  /** Attempts that the engine made; those of the server are its own. */
  retries: number;
  /** When it was handed to the workers, in milliseconds since 1970. */
  sentAt?: number;
  endedAt?: number;
  failure?: { readonly type: string; readonly message: string };
  value?: unknown;
}

/** What is remembered of a part that holds calls. */
export interface PartRecord {
  readonly state: 'running' | 'succeeded' | 'failed';
  readonly endedAt?: number;
}

/** Settings of {@link createTracker}. */
export interface TrackerOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Outcomes of the run that this one repeats, by path. */
  readonly known?: ReadonlyMap<string, unknown>;
  readonly retryOf?: string | undefined;
  /** Says whether results are kept for a run that may repeat this one. They are the bulk of a run's memory. */
  readonly keepsValues: () => boolean;
}

/** What a run remembers of itself. */
export interface Tracker extends CanvasWatcher {
  /** The call has been handed to the workers. */
  readonly sent: (path: string) => void;
  /** The call was stopped before it had ended: the run was, or its group was decided without it. */
  readonly stopped: (path: string) => void;
  /** Nodes run as a part elsewhere. */
  readonly handed: (nodes: readonly Node[]) => void;
  /** A part has come to rest. */
  readonly absorb: (part: PartTally) => void;
  /** Everything has come to rest. */
  readonly finish: () => void;
  readonly progress: () => CanvasProgress;
  readonly failed: (after: number, limit: number) => CanvasPage<CanvasFailedMember>;
  readonly outcomes: (after: number, limit: number) => CanvasPage<CanvasKnown>;
  readonly calls: ReadonlyMap<string, CallRecord>;
  readonly parts: ReadonlyMap<string, PartRecord>;
  /** Canvases that calls brought about: callbacks and replacements, by the path of the call. */
  readonly attached: ReadonlyMap<string, readonly Node[]>;
  readonly root: () => Node | undefined;
  readonly over: () => boolean;
}

/** What a part tells of its calls. */
export interface PartTally {
  readonly progress: CanvasProgress;
  /** Those of the first page. */
  readonly failed: readonly CanvasFailedMember[];
}

/** Longest text of a failure that is shown. */
const MESSAGE_LENGTH = 500;

/** Starts to remember. */
export function createTracker(options: TrackerOptions): Tracker {
  const memory = createMemory(options);
  const { calls, parts, attached } = memory;
  return {
    calls,
    parts,
    attached,
    root: () => memory.root,
    over: () => memory.over,
    planned: (node, parent) => {
      memory.total += callsIn(node);
      if (parent === null) memory.root = node;
      else attached.set(parent, [...(attached.get(parent) ?? []), node]);
    },
    entered: ({ path }) => void parts.set(path, { state: 'running' }),
    left: (node, ok) => {
      parts.set(node.path, { state: ok ? 'succeeded' : 'failed', endedAt: options.now() });
      if (!ok) skipRest(memory, node);
    },
    notify: (event) => note(memory, event),
    sent: (path) => {
      const record = calls.get(path);
      if (record === undefined) return;
      record.sentAt = options.now();
      move(memory, record, 'running');
    },
    stopped: (path) => {
      const record = calls.get(path);
      if (record !== undefined) stop(memory, record);
    },
    handed: (nodes) => {
      for (const node of nodes) memory.handed.add(node);
    },
    absorb: (part) => absorb(memory, part),
    finish: () => finish(memory),
    progress: () => progressOf(memory),
    failed: (after, limit) => page(memory.failures, after, limit, failedMember),
    outcomes: (after, limit) => outcomesOf(memory, after, limit),
  };
}

interface Memory {
  readonly options: TrackerOptions;
  readonly startedAt: number;
  readonly calls: Map<string, CallRecord>;
  readonly parts: Map<string, PartRecord>;
  readonly attached: Map<string, readonly Node[]>;
  readonly handed: Set<Node>;
  /** In the order in which they failed. */
  readonly failures: CallRecord[];
  /** Calls in each state; those that wait are the rest. */
  readonly counts: Record<CanvasCallState, number>;
  root: Node | undefined;
  total: number;
  kept: number;
  lastEndAt: number;
  over: boolean;
}

function createMemory(options: TrackerOptions): Memory {
  const startedAt = options.now();
  return {
    options,
    startedAt,
    calls: new Map(),
    parts: new Map(),
    attached: new Map(),
    handed: new Set(),
    failures: [],
    counts: {
      waiting: 0,
      running: 0,
      retrying: 0,
      succeeded: 0,
      failed: 0,
      revoked: 0,
      replaced: 0,
      skipped: 0,
    },
    root: undefined,
    total: 0,
    kept: 0,
    lastEndAt: startedAt,
    over: false,
  };
}

/** Being handed to the runtime is not yet being sent: it may keep calls back. */
const stateOf = (state: CallEvent['state']): CanvasCallState => (state === 'running' ? 'waiting' : state);

const ENDS: ReadonlySet<CanvasCallState> = new Set(['succeeded', 'failed', 'revoked', 'replaced']);

function note(memory: Memory, { id, path, task, state, retries, failure, value }: CallEvent): void {
  const record = memory.calls.get(path) ?? add(memory, { id, path, task, state: 'waiting', retries });
  record.retries = retries;
  move(memory, record, stateOf(state));
  if (!ENDS.has(record.state)) return;
  const { options } = memory;
  record.endedAt = memory.lastEndAt = options.now();
  if (failure !== undefined) {
    // One that was stopped is in the list already.
    if (record.failure === undefined) memory.failures.push(record);
    record.failure = { type: failure.type, message: failure.message.slice(0, MESSAGE_LENGTH) };
  }
  if (state !== 'succeeded') return;
  if (options.known?.has(path) === true) memory.kept += 1;
  if (options.keepsValues()) record.value = value ?? null;
}

function add(memory: Memory, record: CallRecord): CallRecord {
  memory.calls.set(record.path, record);
  memory.counts[record.state] += 1;
  return record;
}

function move(memory: Memory, record: CallRecord, state: CanvasCallState): void {
  memory.counts[record.state] -= 1;
  memory.counts[state] += 1;
  record.state = state;
}

/** What a failed part holds and has not begun will never begin. */
function skipRest(memory: Memory, node: Node): void {
  if (memory.handed.has(node)) return;
  if (node.kind === 'call') {
    if (!memory.calls.has(node.path))
      add(memory, { id: '', path: node.path, task: node.task, state: 'skipped', retries: 0 });
    return;
  }
  const { size, slice } = branchesOf(node);
  for (const branch of slice(0, size)) skipRest(memory, branch.node);
}

/** What was under way is revoked, what waited is skipped. */
function stop(memory: Memory, record: CallRecord): void {
  if (ENDS.has(record.state) || record.state === 'skipped') return;
  const begun = record.sentAt !== undefined;
  move(memory, record, begun ? 'revoked' : 'skipped');
  if (!begun) return;
  record.endedAt = memory.options.now();
  record.failure = { type: 'TaskRevoked', message: 'stopped before its end' };
  memory.failures.push(record);
}

function absorb(memory: Memory, { progress, failed }: PartTally): void {
  for (const state of [...ENDS, 'skipped'] as const) memory.counts[state] += progress[state];
  memory.kept += progress.kept;
  memory.lastEndAt = memory.options.now();
  for (const { type, message, ...call } of failed)
    memory.failures.push({ ...call, retries: 0, failure: { type, message } });
}

function finish(memory: Memory): void {
  memory.over = true;
  for (const record of memory.calls.values()) stop(memory, record);
}

function progressOf(memory: Memory): CanvasProgress {
  const { counts, total, kept, over, startedAt, lastEndAt, options } = memory;
  const begun = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const never = Math.max(0, total - begun);
  const ended = counts.succeeded + counts.failed + counts.revoked + counts.replaced - kept;
  const left = counts.waiting + counts.running + counts.retrying + (over ? 0 : never);
  return {
    // A call that replaced itself, or was added on the way, is no part of the plan.
    total: Math.max(total, begun),
    ...counts,
    waiting: counts.waiting + (over ? 0 : never),
    skipped: counts.skipped + (over ? never : 0),
    kept,
    over,
    startedAt: new Date(startedAt).toISOString(),
    remainingMs: ended > 0 ? Math.round(((lastEndAt - startedAt) / ended) * left) : null,
    retryOf: options.retryOf ?? null,
  };
}

function failedMember({ path, task, id, state, failure }: CallRecord): CanvasFailedMember {
  return {
    path,
    task,
    id,
    state: state === 'revoked' ? 'revoked' : 'failed',
    type: failure?.type ?? 'Unexpected',
    message: failure?.message ?? '',
  };
}

/** Whoever fails again is to be told of again. */
const TOLD = /\/errback\//;

function outcomesOf({ calls }: Memory, after: number, limit: number): CanvasPage<CanvasKnown> {
  const done = [...calls.values()].filter((record) => 'value' in record && !TOLD.test(record.path));
  return page(done, after, limit, ({ path, value }) => ({ path, value }));
}

/** Characters of a page as JSON: the server takes 2 MB, and texts may take two bytes for a character. */
const PAGE_CHARACTERS = 700_000;

function page<From, To>(
  all: readonly From[],
  after: number,
  limit: number,
  shown: (entry: From) => To,
): CanvasPage<To> {
  const entries: To[] = [];
  let characters = 0;
  for (const entry of all.slice(after, after + limit)) {
    const view = shown(entry);
    characters += JSON.stringify(view).length;
    // One alone may be larger: then it is a page.
    if (entries.length > 0 && characters > PAGE_CHARACTERS) break;
    entries.push(view);
  }
  const next = after + entries.length;
  return { entries, next: next < all.length ? next : null };
}
