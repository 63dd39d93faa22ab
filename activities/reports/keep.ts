import type {
  ExportRowsInput,
  ExportRowsOutput,
  SaveReportInput,
  SaveReportOutput,
} from '../../contracts/reports/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { ReportPorts } from './ports.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv',
  json: 'application/json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Stores a report as one row, however often it is repeated. */
export async function saveReport(
  { reports }: ReportPorts,
  { plan, file, charts, documents }: SaveReportInput,
): Promise<SaveReportOutput> {
  const mediaType = MEDIA_TYPES[plan.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  await reports.save({ plan, file, mediaType, charts, documents });
  return { report_id: plan.reportId, report_path: file.key };
}

/** Writes the rows of a period as a file. An export for a user contains no row of another user. */
export async function exportRows(
  { exporter, blobs }: ReportPorts,
  { plan, format }: ExportRowsInput,
  context: TaskContext,
): Promise<ExportRowsOutput> {
  const written = await exporter.open(plan.period, plan.userId, format, context.signal);
  const file = await blobs.put('reports/exports', written.content);
  return { file, rows: written.rows() };
}
