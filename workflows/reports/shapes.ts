/** What the workflows of the reports domain accept. */
import { EXPORT_FORMATS, reportWorkflows } from '../../contracts/reports/vocabulary.ts';
import { fields, nullable, oneOf, optional, text, type WorkflowShape } from '../shape.ts';

const calendar: WorkflowShape = {
  input: [['options', optional(fields({}, { date: text, timeZone: text, email: text }))]],
};
const days = [
  ['startDate', text],
  ['endDate', text],
] as const;

export const reportShapes = {
  [reportWorkflows.reportPipeline]: {
    input: [...days, ['options', optional(fields({}, { userId: text, timeZone: text, email: text }))]],
  },
  [reportWorkflows.generateUserReport]: { input: [['userId', text], ...days] },
  [reportWorkflows.userDailyReport]: { input: [['userId', text]] },
  [reportWorkflows.generateDailyReport]: calendar,
  [reportWorkflows.generateWeeklyReport]: calendar,
  [reportWorkflows.createMonthlyReport]: calendar,
  [reportWorkflows.aggregateStatistics]: {
    input: [
      ['period', optional(oneOf('daily', 'weekly', 'monthly'))],
      ['options', optional(fields({}, { date: text, timeZone: text }))],
    ],
  },
  [reportWorkflows.exportData]: {
    input: [
      [
        'input',
        fields(
          // Whose documents are exported is always said: null for those of everybody.
          {
            ...{ userId: nullable(text), startDate: text, endDate: text },
            ...{ format: oneOf(...EXPORT_FORMATS), email: text },
          },
          { timeZone: text },
        ),
      ],
    ],
  },
} as const satisfies Readonly<Record<string, WorkflowShape>>;
