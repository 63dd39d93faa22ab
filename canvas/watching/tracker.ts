/**
 * Records the state of each call of a run. A call that has not begun has no
 * record: it is read from the plan.
 */
import type {
  CanvasCallState,
  CanvasFailedMember,
  CanvasKnown,
  CanvasPage,
  CanvasProgress,
  OpenPart,
} from '../../contracts/canvas/views.ts';
import { branchesOf, callsIn } from '../plan/branches.ts';
import type { Node } from '../model/nodes.ts';
import { page } from './pages.ts';
import type { CallEvent, CanvasWatcher } from '../engine/runtime.ts';
import { failedMember, isShort, outcomesOf, type CallRecord, type CompositeRecord } from './records.ts';

/** Settings of {@link createTracker}. */
export interface TrackerOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Outcomes of the run that this one repeats, by path. */
  readonly known?: ReadonlyMap<string, unknown>;
  readonly retryOf?: string | undefined;
  /** Says whether long results are kept too, for a run that may repeat this one. They are the bulk of a run's memory. */
  readonly keepsValues: () => boolean;
}

/** What a run remembers of itself. */
export interface Tracker extends CanvasWatcher {
  /** The call has been handed to the workers; with its attempts in packs, this one included where it is in one. */
  readonly sent: (path: string, attempt?: number) => void;
  /** The call was stopped before it had ended: the run was, or its group was decided without it. */
  readonly stopped: (path: string) => void;
  /** Nodes run as a part elsewhere: in the workflow with this id. */
  readonly handed: (nodes: readonly Node[], part: string) => void;
  /** A part has ended. */
  readonly absorb: (tally: PartTally, part: string) => void;
  /** Everything has come to rest. */
  readonly finish: () => void;
  readonly progress: () => CanvasProgress;
  readonly failed: (after: number, limit: number) => CanvasPage<CanvasFailedMember>;
  readonly outcomes: (after: number, limit: number) => CanvasPage<CanvasKnown>;
  readonly calls: ReadonlyMap<string, CallRecord>;
  readonly composites: ReadonlyMap<string, CompositeRecord>;
  /** Canvases that calls brought about: callbacks and replacements, by the path of the call. */
  readonly attached: ReadonlyMap<string, readonly Node[]>;
  /** Workflow ids of parts, by the path of what each of them runs with all below it. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Parts whose end is not known, with the number of calls that they were handed. */
  readonly partsOpen: ReadonlyMap<string, number>;
  readonly root: () => Node | undefined;
  readonly over: () => boolean;
}

/** The counts and failures of a part that has ended. */
export interface PartTally {
  readonly progress: CanvasProgress;
  /** What it has detached and what has not told it its end; counted as skipped there. */
  readonly open: readonly OpenPart[];
  /** Those of the first page. */
  readonly failed: readonly CanvasFailedMember[];
}

/** Longest text of a failure that is shown. */
const MESSAGE_LENGTH = 500;

/** Starts to remember. */
export function createTracker(options: TrackerOptions): Tracker {
  const memory = createMemory(options);
  const { calls, composites, attached, elsewhere, partsOpen } = memory;
  const seen = { calls, composites, attached, elsewhere, partsOpen };
  return {
    ...seen,
    root: () => memory.root,
    over: () => memory.over,
    planned: (node, parent) => {
      memory.total += callsIn(node);
      if (parent === null) memory.root = node;
      else attached.set(parent, [...(attached.get(parent) ?? []), node]);
    },
    entered: ({ path }) => void composites.set(path, { state: 'running' }),
    left: (node, outcome) => {
      const { ok } = outcome;
      const end: CompositeRecord = { state: ok ? 'succeeded' : 'failed', endedAt: options.now() };
      const isKept = ok && node.kind === 'map' && isWorthKeeping(options, outcome.value);
      composites.set(node.path, isKept ? { ...end, value: outcome.value } : end);
      if (!ok) skipRest(memory, node);
    },
    notify: (event) => note(memory, event),
    sent: (path, attempt) => {
      const record = calls.get(path);
      if (record === undefined) return;
      record.sentAt = options.now();
      if (attempt !== undefined) record.attempts = attempt;
      move(memory, record, 'running');
    },
    stopped: (path) => {
      const record = calls.get(path);
      if (record !== undefined) stop(memory, record);
    },
    handed: (nodes, part) => {
      partsOpen.set(part, sumOf(nodes.map(callsIn)));
      for (const node of nodes) handOver(memory, node, part);
    },
    absorb: (tally, part) => absorb(memory, tally, part),
    finish: () => finish(memory),
    progress: () => progressOf(memory),
    failed: (after, limit) => page(memory.failures, after, limit, failedMember),
    outcomes: (after, limit) => outcomesOf(calls, after, limit),
  };
}

interface Memory {
  readonly options: TrackerOptions;
  readonly startedAt: number;
  readonly calls: Map<string, CallRecord>;
  readonly composites: Map<string, CompositeRecord>;
  readonly attached: Map<string, readonly Node[]>;
  readonly elsewhere: Map<string, string>;
  readonly partsOpen: Map<string, number>;
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
    composites: new Map(),
    attached: new Map(),
    elsewhere: new Map(),
    partsOpen: new Map(),
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

/** A call that the runtime has may still wait to be sent. */
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
  if (state === 'succeeded') {
    if (options.known?.has(path) === true) memory.kept += 1;
    keep(memory, record, value ?? null);
  } else if (state === 'replaced') keep(memory, record, value);
}

/** Keeps the result of a call, or its effects; a built-in step has none. */
function keep({ options }: Memory, record: CallRecord, value: unknown): void {
  if (value !== undefined && isWorthKeeping(options, value)) record.value = value;
}

function isWorthKeeping({ keepsValues }: TrackerOptions, value: unknown): boolean {
  return keepsValues() || isShort(value);
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

/** A node that has been entered runs here, and only its children run in the part: the part may have one segment of several. */
function handOver({ composites, elsewhere }: Memory, node: Node, part: string): void {
  const whole = node.kind === 'map' && node.first === undefined;
  if (whole || !composites.has(node.path)) {
    elsewhere.set(node.path, part);
    return;
  }
  const { size, slice } = branchesOf(node);
  for (const branch of slice(0, size)) elsewhere.set(branch.node.path, part);
}

/** Calls of a failed node that have not begun are skipped. */
function skipRest(memory: Memory, node: Node): void {
  if (memory.elsewhere.has(node.path)) return;
  if (node.kind === 'call') {
    if (!memory.calls.has(node.path))
      add(memory, { id: '', path: node.path, task: node.task, state: 'skipped', retries: 0 });
    return;
  }
  const { size, slice } = branchesOf(node);
  for (const branch of slice(0, size)) skipRest(memory, branch.node);
}

/** A call under way becomes revoked, a waiting one skipped. */
function stop(memory: Memory, record: CallRecord): void {
  if (ENDS.has(record.state) || record.state === 'skipped') return;
  const begun = record.sentAt !== undefined;
  move(memory, record, begun ? 'revoked' : 'skipped');
  if (!begun) return;
  record.endedAt = memory.options.now();
  record.failure = { type: 'TaskRevoked', message: 'stopped before its end' };
  memory.failures.push(record);
}

function absorb(memory: Memory, { progress, failed, open }: PartTally, part: string): void {
  // Calls that the part has added were not in the plan of this run.
  memory.total += progress.total - (memory.partsOpen.get(part) ?? 0);
  memory.partsOpen.delete(part);
  for (const state of [...ENDS, 'skipped'] as const) memory.counts[state] += progress[state];
  for (const { workflowId, calls } of open) {
    memory.partsOpen.set(workflowId, calls);
    memory.counts.skipped -= calls;
  }
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
  const begun = sumOf(Object.values(counts));
  const never = Math.max(0, total - begun);
  const ended = counts.succeeded + counts.failed + counts.revoked + counts.replaced - kept;
  const left = counts.waiting + counts.running + counts.retrying + (over ? 0 : never);
  return {
    // A call that replaced itself, or was added on the way, is not in the plan.
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

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
