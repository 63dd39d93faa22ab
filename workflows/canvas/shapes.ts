/** What the workflows of the canvas domain accept. */
import { workflowInfo } from '@temporalio/workflow';
import { fault } from '../../canvas/signature/fault.ts';
import { isRecord } from '../../canvas/signature/json.ts';
import { approvalMessages } from '../../contracts/canvas/steps.ts';
import { MAX_TREE_DEPTH, MAX_TREE_NODES } from '../../contracts/canvas/views.ts';
import { canvasMessages, canvasWorkflows, PART_ENDED, PRIORITY_SCALES } from '../../contracts/canvas/vocabulary.ts';
import { packedShape, parkMs } from '../tasks/shapes.ts';
import {
  allOf,
  type ArgumentShapes,
  anything,
  fields,
  flag,
  list,
  nullable,
  number,
  oneOf,
  optional,
  record,
  type Shape,
  shortText,
  text,
  unchecked,
  whole,
  wordOf,
  type WorkflowShape,
} from '../shape.ts';

const path = shortText(10_000);

const runFacts = {
  tenant: shortText(200),
  priorityScale: oneOf(...PRIORITY_SCALES),
  packed: packedShape,
  weight: whole(1),
  known: list(fields({ path, value: unchecked })),
  pipelines: list(fields({ path, workflowId: text, origin: record(unchecked) }, { args: list(unchecked) })),
  revoked: list(path),
  parkMs,
};

/** The canvas itself is checked by the interpreter, with its call. */
const run = fields(
  { canvas: unchecked },
  { args: list(anything), kwargs: record(anything), options: record(anything), retryOf: text, ...runFacts },
);

/** A part is a piece of a plan, which only the run around it can make. */
const ofRun: Shape = (value, place) => {
  if (workflowInfo().parent === undefined)
    throw fault(place, `a part that a canvas has started; start ${canvasWorkflows.runCanvas} instead`, 'none');
  if (isRecord(value) && 'part' in value === 'detached' in value) throw fault(place, 'either part or detached', 'none');
};
const given = fields({ args: list(unchecked), kwargs: record(unchecked) });
const part = fields({ nodes: list(unchecked), given, scope: record(unchecked), failFast: flag }, { enough: whole(0) });

const detached = list(
  fields({
    node: record(unchecked),
    given,
    scope: fields({ parentId: nullable(text), sentAt: number(0, Infinity) }, { rootId: text }),
  }),
);

const id = nullable(text);
const callPlace = { taskId: id, failedAs: optional(whole(0)), failedAt: optional(number(0, Infinity)) };
const failure: Shape = (value, place) =>
  fields(
    { type: text, message: text },
    { taskId: text, task: text, path, cause: failure, told: list(record(unchecked)) },
  )(value, place);
const added = fields({
  signature: record(unchecked),
  parent: fields({ rootId: text, parentId: text, path }),
});

const reply = fields(
  {
    values: list(unchecked),
    shown: record(unchecked),
    failed: list(fields({ at: whole(0), failure, ...callPlace }, { rootId: text })),
    cancelled: list(whole(0)),
    last: nullable(fields({ taskId: id }, { rootId: text })),
    added: list(added),
  },
  {
    undo: list(
      fields(
        { undo: record(unchecked), request: record(unchecked), result: unchecked },
        { endedAt: number(0, Infinity) },
      ),
    ),
  },
);

const depth = whole(0, MAX_TREE_DEPTH);
const limit = whole(1, MAX_TREE_NODES);
const page: ArgumentShapes = [['after', optional(whole(0))]];
const decision = fields({ path, decision: oneOf('approve', 'reject'), by: shortText(200) }, { note: shortText(2000) });

const messages = {
  [canvasMessages.progress]: [],
  [canvasMessages.tree]: [['query', optional(fields({}, { path, depth, after: whole(0), limit }))]],
  [canvasMessages.nodes]: [['query', fields({ paths: list(path, MAX_TREE_NODES), depth, limit })]],
  [canvasMessages.failedMembers]: page,
  [canvasMessages.outcomes]: page,
  [canvasMessages.member]: [['id', shortText(1_000)]],
  [canvasMessages.revoke]: [['path', path]],
  [PART_ENDED]: [['ended', fields({ part: text, reply })]],
  [approvalMessages.approvals]: [],
  [approvalMessages.decisions]: [],
  [approvalMessages.decide]: [['decision', decision]],
} as const satisfies WorkflowShape['messages'];

/** The task of a canvas of one call, or what joins several. */
function kindOf(input: unknown): string {
  return wordOf(isRecord(input) ? input['canvas'] : undefined, 'task') ?? canvasWorkflows.runCanvas;
}

export const canvasShapes = {
  [canvasWorkflows.runCanvas]: {
    input: [['input', run]],
    messages,
    listed: ([input]) => ({ task: kindOf(input), tenant: wordOf(input, 'tenant') }),
  },
  [canvasWorkflows.runCanvasPart]: {
    input: [['input', allOf(fields({}, { part, detached, ...runFacts }), ofRun)]],
    messages,
    listed: () => ({}),
  },
} as const satisfies Readonly<Record<string, WorkflowShape>>;
