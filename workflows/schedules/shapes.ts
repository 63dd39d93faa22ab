/** What the workflows of the schedules domain accept. */
import { scheduleWorkflows, SOLAR_EVENTS } from '../../contracts/schedules/vocabulary.ts';
import { SYSTEM_TAG } from '../../contracts/tasks/calls.ts';
import { callFacts } from '../tasks/shapes.ts';
import { anything, fields, list, number, oneOf, type Shape, shortText, type WorkflowShape } from '../shape.ts';

const listed = fields({ task: shortText(200) }, { tenant: shortText(200), tags: list(shortText(200)) });
const task = fields({ task: shortText(200) }, { input: anything, facts: callFacts, listed });
const workflow = fields({ workflow: shortText(200), args: list(anything) }, { listed });

const target: Shape = (value, place) => {
  const byTask = typeof value === 'object' && value !== null && 'task' in value;
  (byTask ? task : workflow)(value, place);
};

const solar = fields({ event: oneOf(...SOLAR_EVENTS), latitude: number(-90, 90), longitude: number(-180, 180) });

export const scheduleShapes = {
  runAtSolarEvent: {
    input: [
      ['input', fields({ scheduleId: shortText(500), solar, target, catchupMs: number(0, Number.MAX_SAFE_INTEGER) })],
    ],
    // People look for the target, and not for what waits for the sun.
    listed: () => ({ task: scheduleWorkflows.runAtSolarEvent, tags: [SYSTEM_TAG] }),
  },
} as const satisfies Readonly<Record<string, WorkflowShape>>;
