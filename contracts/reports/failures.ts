/** Failures of the reports domain. */
import type { FailureRule } from '../failures/rule.ts';

export const reportFailures = {
  UserNotFound: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'No user with this id is known.',
    remedy: 'Check the id, or add the user first.',
  },
  ReportNotFound: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'No report with this id exists.',
    remedy: 'Check the id: GET /v1/reports lists the reports that exist.',
  },
  ExportTooLarge: {
    class: 'permanent',
    httpStatus: 413,
    cause: 'There are more rows than a file of the chosen format can hold.',
    remedy: 'Export a shorter period, or choose csv or json.',
  },
  RendererCrashed: {
    class: 'transient',
    cause: 'The process that draws charts and pages died.',
    remedy: 'Retried by itself. If it repeats for one report, report it.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
