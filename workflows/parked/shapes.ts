/** What the messages about parked steps look like, in every workflow. */
import { PARKED_ACTIONS, parkedMessages } from '../../contracts/parked/vocabulary.ts';
import { anything, fields, oneOf, shortText, type WorkflowShape } from '../shape.ts';

const decision = fields(
  { path: shortText(10_000), action: oneOf(...PARKED_ACTIONS), by: shortText(200) },
  { reason: shortText(1_000), input: anything, value: anything },
);

/** Workflows of an application have no shapes of their own, so these hold for all. */
export const parkedShapes = {
  [parkedMessages.parked]: [],
  [parkedMessages.decide]: [['decision', decision]],
} as const satisfies WorkflowShape['messages'];
