/** What the reports domain contributes to the contracts. */
import { definePipeline, type DomainContract } from '../domain.ts';
import type { CalendarOptions } from './schema.ts';
import { reportTasks } from './tasks.ts';
import { reportWorkflowId, reportWorkflows } from './vocabulary.ts';

export const reports = {
  tasks: reportTasks,
  // The name of a file says whom it is about.
  sealed: ['fileName'],
  workflows: reportWorkflows,
  pipelines: {
    generateDailyReport: definePipeline<CalendarOptions, unknown>((key) =>
      reportWorkflowId('generateDailyReport', key),
    ),
    generateWeeklyReport: definePipeline<CalendarOptions, unknown>((key) =>
      reportWorkflowId('generateWeeklyReport', key),
    ),
    createMonthlyReport: definePipeline<CalendarOptions, unknown>((key) =>
      reportWorkflowId('createMonthlyReport', key),
    ),
    /** Takes the id of a user. */
    userDailyReport: definePipeline<string, unknown>((key) => reportWorkflowId('userDailyReport', key)),
  },
} as const satisfies DomainContract;
