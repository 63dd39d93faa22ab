/** What the workflows of dead letters accept. */
import { deadLetterWorkflows, redriveMessages } from '../../contracts/dlq/vocabulary.ts';
import {
  carried,
  fields,
  flag,
  number,
  optional,
  record,
  shortText,
  text,
  whole,
  type WorkflowShape,
} from '../shape.ts';

const order = fields(
  { filter: record(text), by: shortText(200), perSecond: number(0.01, 1_000) },
  { reason: shortText(1_000), quarantined: flag, whole: flag, limit: whole(1, 1_000_000) },
);
const by = [['by', optional(shortText(200))]] as const;

export const deadLetterShapes = {
  [deadLetterWorkflows.redriveLetters]: {
    input: [
      ['order', order],
      ['carried', carried],
    ],
    messages: { [redriveMessages.pause]: by, [redriveMessages.resume]: by, [redriveMessages.abort]: by },
  },
} as const satisfies Readonly<Record<string, WorkflowShape>>;
