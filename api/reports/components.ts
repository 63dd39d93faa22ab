/** Names and examples of the shapes of reports in the OpenAPI document. */
import { periodSchema, reportSchema, reportStartSchema } from '../../contracts/reports/schema.ts';
import { component, type Components } from '../http/components.ts';
import { reportJobSchema } from './schemas.ts';

const period = {
  start: '2026-01-26',
  end: '2026-02-01',
  timeZone: 'Europe/Berlin',
  from: '2026-01-25T23:00:00.000Z',
  until: '2026-02-01T23:00:00.000Z',
};

export const reportComponents: Components = {
  Report: component(reportSchema, {
    id: '0194c1f0-7b60-7000-8000-0000000000e0',
    kind: 'weekly',
    title: 'Week 5 of 2026',
    userId: null,
    period,
    status: 'sent',
    documents: 412,
    fileName: 'week-2026-05.pdf',
    mediaType: 'application/pdf',
    size: 48_213,
    createdAt: '2026-02-02T06:00:00.000Z',
    sentAt: '2026-02-02T06:00:02.000Z',
  }),
  ReportKind: component(reportSchema.shape.kind),
  ReportPeriod: component(periodSchema, period),
  StartOfReport: component(reportStartSchema, { kind: 'weekly', date: '2026-01-31' }),
  ReportJob: component(reportJobSchema, { id: 'weeklyReport-2026-01-26', status: 'running' }),
};
