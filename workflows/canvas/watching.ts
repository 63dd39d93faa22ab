/** Records the state of the calls of a run, answers queries and updates the details in the Web UI. */
import { setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { CanvasRuntime } from '../../canvas/engine/runtime.ts';
import { createTracker, type PartTally, type Tracker } from '../../canvas/watching/tracker.ts';
import { memberOf } from '../../canvas/watching/members.ts';
import { hasNode, nodesOf, treeOf } from '../../canvas/watching/tree.ts';
import type { CanvasProgress, OpenPart } from '../../contracts/canvas/views.ts';
import { createMemberIndex } from './member-index.ts';
import { failedMembersQuery, memberQuery, nodesQuery, outcomesQuery, progressQuery, treeQuery } from './messages.ts';
import type { Repeated } from './run-input.ts';

/** Entries of one page; the size of an answer is bounded beside. */
const PAGE = 1000;

/** How a run is watched. */
export interface Watched {
  /** What the engine tells of its calls and parts, and what it is told of an earlier run. */
  readonly watcher: Pick<CanvasRuntime, 'notify' | 'planned' | 'entered' | 'left' | 'known'>;
  /** Records both for a step that is not an activity. */
  readonly noting: (step: MakeCall) => MakeCall;
  /** Notes that the call of a path is really handed to the workers. */
  readonly sent: Tracker['sent'];
  /** Notes that the call of a path was cancelled. */
  readonly stopped: (path: string) => void;
  /** Parts of the run, which remember their calls themselves. */
  readonly parts: Pick<Tracker, 'handed' | 'absorb'>;
  /** What a part tells its run. */
  readonly tally: () => PartTally;
  /** Says whether there is a node at a path. */
  readonly has: (path: string) => boolean;
  /** Everything has come to rest. */
  readonly finish: () => void;
}

type MakeCall = CanvasRuntime['call'];

/** Starts to remember, and registers the queries; before the first await, so that none is missed. */
export function watchRun(what: string, { retryOf, known = [] }: Repeated): Watched {
  const outcomes = new Map(known.map(({ path, value }) => [path, value]));
  const tracker = createTracker({
    now: () => Date.now(),
    known: outcomes,
    retryOf,
    // A run that has ended is replayed as a whole to answer a question; only then do results cost memory.
    keepsValues: () => workflowInfo().unsafe.isReplaying,
  });
  answerQuestions(tracker, outcomes);
  const tell = detailsTeller(what, tracker);
  const index = createMemberIndex();
  return {
    watcher: {
      planned: (node, parent) => {
        tracker.planned(node, parent);
        index(node);
      },
      entered: tracker.entered,
      left: tracker.left,
      notify: (event) => {
        tracker.notify(event);
        tell();
      },
      known: (path) => (outcomes.has(path) ? { value: outcomes.get(path) } : undefined),
    },
    noting: (step) => (request) => {
      tracker.sent(request.path);
      const reply = step(request);
      reply.catch(() => tracker.stopped(request.path));
      return reply;
    },
    sent: tracker.sent,
    stopped: tracker.stopped,
    parts: {
      handed: tracker.handed,
      absorb: (tally, part) => {
        tracker.absorb(tally, part);
        tell();
      },
    },
    tally: () => ({ progress: tracker.progress(), open: openParts(tracker), failed: tracker.failed(0, PAGE).entries }),
    has: (path) => hasNode({ ...tracker, known: outcomes }, path),
    finish: () => {
      tracker.finish();
      setCurrentDetails(describe(what, tracker.progress()));
    },
  };
}

function openParts({ partsOpen }: Tracker): readonly OpenPart[] {
  return [...partsOpen].map(([workflowId, calls]) => ({ workflowId, calls }));
}

function answerQuestions(tracker: Tracker, known: ReadonlyMap<string, unknown>): void {
  setHandler(progressQuery, () => ({ ...tracker.progress(), parts: openParts(tracker) }), {
    description: 'Calls by where they stand, the time left, and parts that are to be asked for their own',
  });
  setHandler(treeQuery, (query) => treeOf({ ...tracker, known }, query ?? {}), {
    description: 'A piece of the tree: { path, depth, after, limit }',
  });
  setHandler(nodesQuery, (query) => nodesOf({ ...tracker, known }, query), {
    description: 'Several pieces of the tree: { paths, depth, limit }',
  });
  setHandler(memberQuery, (id) => memberOf({ ...tracker, known }, id), { description: 'A call by its id' });
  setHandler(failedMembersQuery, (after = 0) => tracker.failed(after, PAGE), {
    description: 'Calls that failed or were revoked, from a position on',
  });
  setHandler(outcomesQuery, (after = 0) => tracker.outcomes(after, PAGE), {
    description: 'What calls gave, from a position on',
  });
}

/** Share of the calls between two updates of the details. */
const TOLD_EVERY = 1 / 50;

function detailsTeller(what: string, tracker: Tracker): () => void {
  let events = 0;
  let next = 1;
  return () => {
    events += 1;
    if (events < next) return;
    const progress = tracker.progress();
    next = events + Math.max(1, Math.floor(progress.total * TOLD_EVERY));
    setCurrentDetails(describe(what, progress));
  };
}

function describe(what: string, { total, succeeded, failed, revoked, running, over }: CanvasProgress): string {
  const bad = failed + revoked;
  return [
    `${what}: ${succeeded} of ${total} calls done`,
    ...(bad === 0 ? [] : [`${bad} failed`]),
    ...(over ? [] : [`${running} handed to workers`]),
  ].join(', ');
}
