/** What the workflows of the tasks domain accept. */
import { areLimits, limitSignals } from '../../contracts/limits/vocabulary.ts';
import { MAX_CALL_SECONDS } from '../../contracts/tasks/calls.ts';
import { LONGEST_PARKED_SECONDS } from '../../contracts/parked/vocabulary.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { MAX_STREAMED_CALLS, streamedCallsMessages } from '../../contracts/tasks/streamed-calls.ts';
import { mayNameQueue, QUEUE_NAME_EXPECTED } from '../../contracts/queues/names.ts';
import { INSTANT_EXPECTED, parseInstant } from '../../contracts/values/instant.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { findTask } from '../calls/catalogue.ts';
import {
  allOf,
  anything,
  fields,
  flag,
  list,
  number,
  optional,
  record,
  shortText,
  text,
  wanted,
  whole,
  wordOf,
  type WorkflowShape,
} from '../shape.ts';

const limitMs = number(1, MAX_CALL_SECONDS * SECOND_MS);
/** How long failed steps wait for a person. */
export const parkMs = number(1, LONGEST_PARKED_SECONDS * SECOND_MS);
const isTime = (value: unknown): boolean => typeof value === 'string' && parseInstant(value) !== undefined;

const queue = allOf(
  text,
  wanted(QUEUE_NAME_EXPECTED, (value) => typeof value === 'string' && mayNameQueue(value)),
);

const call = { queue, softMs: limitMs, hardMs: limitMs, ignoreResult: flag, headers: record(anything) };

/** What a call says otherwise than the row of its task. */
export const callFacts = fields(
  {},
  {
    ...call,
    taskId: shortText(1_000),
    tenant: shortText(200),
    expiresAt: wanted(INSTANT_EXPECTED, isTime),
    expiresAfterDueMs: limitMs,
    parkMs,
    limits: wanted('up to 5 limits, each { key, rate: { count, perMs } or concurrency }', areLimits),
  },
);

/** Names of tasks that may share an activity, each with its queue. */
export const packedShape = record(queue);

const streamed = fields(
  {
    task: shortText(200),
    calls: list(fields({}, { input: anything, facts: fields({}, call) }), MAX_STREAMED_CALLS),
  },
  { tenant: shortText(200), packed: packedShape },
);

/** The name of a task by whichever of its names was given. */
function taskIn(given: unknown, field: string): string | undefined {
  const name = wordOf(given, field);
  return findTask(name ?? '')?.name ?? name;
}

const place = ['index', whole(0, MAX_STREAMED_CALLS)] as const;

export const taskShapes = {
  [taskWorkflows.runTask]: {
    input: [
      ['name', shortText(200)],
      ['input', anything],
      ['facts', optional(callFacts)],
    ],
    messages: { [limitSignals.granted]: [['key', text]] },
    listed: ([name, , facts]) => ({
      task: taskIn({ name }, 'name') ?? taskWorkflows.runTask,
      tenant: wordOf(facts, 'tenant'),
    }),
  },
  [taskWorkflows.runStreamedCalls]: {
    input: [['input', streamed]],
    messages: {
      [streamedCallsMessages.standing]: [place],
      [streamedCallsMessages.ended]: [],
      [streamedCallsMessages.revoke]: [place, ['terminate', flag]],
    },
    listed: ([input]) => ({
      task: taskIn(input, 'task') ?? taskWorkflows.runStreamedCalls,
      tenant: wordOf(input, 'tenant'),
    }),
  },
} as const satisfies Readonly<Record<string, WorkflowShape>>;
