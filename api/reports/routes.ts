/** Routes of reports: start one, list them, fetch their files and charts. */
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import { PerennialError } from '../../contracts/failures.ts';
import {
  type ReportStart,
  reportIdSchema,
  reportSchema,
  reportStartSchema,
  type ReportView,
} from '../../contracts/reports/schema.ts';
import { reportComponents } from './components.ts';
import {
  chartQuery,
  reportChartParams,
  reportJobSchema,
  reportListSchema,
  reportParams,
  reportsQuery,
} from './schemas.ts';
import { sendPage } from '../http/paging.ts';
import { resultSoon } from '../http/patience.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { idOfKey } from '../http/idempotency.ts';
import { routesWith, type Route } from '../http/route.ts';
import { openReportPorts, type ReportPorts, type ReportServices } from './ports.ts';

const defineRoute = routesWith<ReportServices>();

/** Refuses an unknown user, so that no job is started for a mistyped id. @throws PerennialError `UserNotFound` */
async function requireUser({ reportUsers }: ReportServices, input: ReportStart): Promise<void> {
  const userId = 'userId' in input ? input.userId : undefined;
  if (userId === undefined || userId === null || (await reportUsers.findUser(userId)) !== undefined) return;
  throw new PerennialError('UserNotFound', `userId: expected the id of a known user, got '${userId}'`);
}

function reportNotFound(id: string): PerennialError {
  return new PerennialError('ReportNotFound', `No report has the id '${id}'.`);
}

const startReport = defineRoute({
  name: 'writeReport',
  method: 'post',
  path: '/v1/reports',
  summary: 'Write a report or an export, keep it and mail it; `Prefer: respond-async` answers at once',
  body: reportStartSchema,
  answers: {
    200: { description: 'Written, and mailed unless it is kept only', schema: reportJobSchema },
    202: { description: 'Still at work: GET /v1/reports lists it when it is done', schema: reportJobSchema },
  },
  errors: [404],
  async handle({ services, body, request, response, signal }) {
    await requireUser(services, body);
    const job = await services.client.reports.start(body, { id: idOfKey(request) });
    const result = await resultSoon(job, { request, waitMs: services.settings.waitMs, signal });
    if (result === undefined) response.status(202).location('/v1/reports').json({ id: job.id, status: 'running' });
    else response.json({ id: job.id, status: 'completed', result });
  },
});

const listReports = defineRoute({
  name: 'listReports',
  method: 'get',
  path: '/v1/reports',
  summary: 'Reports and exports, newest first',
  query: reportsQuery,
  answers: { 200: { description: 'One page of the list', schema: reportListSchema } },
  async handle({ services, query, request, response }) {
    const { userId, kind, limit } = query;
    await sendPage({ request, response, query }, reportIdSchema, async (after) => {
      const { reports: items, next } = await services.reports.list({
        limit,
        ...(userId === undefined ? {} : { userId }),
        ...(kind === undefined ? {} : { kind }),
        ...(after === undefined ? {} : { after }),
      });
      return { items, next };
    });
  },
});

const getReport = defineRoute({
  name: 'getReport',
  method: 'get',
  path: '/v1/reports/:id',
  summary: 'What a report is about, and whether it was sent',
  params: reportParams,
  answers: { 200: { description: 'The report', schema: reportSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await requireReport(services, params.id));
  },
});

async function requireReport({ reports }: ReportServices, id: string): Promise<ReportView> {
  const view = await reports.view(id);
  if (view === undefined) throw reportNotFound(id);
  return view;
}

/** Sends a blob as a file. An error before the first byte becomes a problem answer. */
async function sendBlob(
  services: ReportServices,
  ref: BlobRef,
  { mediaType, fileName }: { readonly mediaType: string; readonly fileName: string },
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  const content = await services.blobs.open(ref);
  response.type(mediaType).attachment(fileName).setHeader('content-length', String(ref.size));
  await pipeline(content, response, { signal });
}

const fileRoute = (path: string, only: 'pdf' | 'any'): Route<ReportServices> =>
  defineRoute({
    name: only === 'pdf' ? 'downloadReportPdf' : 'downloadReportFile',
    method: 'get',
    path,
    summary: only === 'pdf' ? 'The PDF of a report' : 'The file of a report or an export',
    params: reportParams,
    answers: { 200: { description: 'The file', mediaType: only === 'pdf' ? 'application/pdf' : '*/*' } },
    errors: [404],
    async handle({ services, params, response, signal }) {
      const view = await requireReport(services, params.id);
      const files = await services.reports.files(params.id);
      if (files === undefined || (only === 'pdf' && view.mediaType !== 'application/pdf'))
        throw reportNotFound(params.id);
      await sendBlob(services, files.file, view, response, signal);
    },
  });

const getChart = defineRoute({
  name: 'downloadReportChart',
  method: 'get',
  path: '/v1/reports/:id/charts/:chart',
  summary: 'A chart of a report, as PNG or SVG',
  params: reportChartParams,
  query: chartQuery,
  answers: { 200: { description: 'The chart; `image/svg+xml` for the other format', mediaType: 'image/png' } },
  errors: [404],
  async handle({ services, params, query, response, signal }) {
    const files = await services.reports.files(params.id);
    const chart = files?.charts.find(({ name }) => name === params.chart);
    if (chart === undefined) throw reportNotFound(params.id);
    const mediaType = query.format === 'svg' ? 'image/svg+xml' : 'image/png';
    await sendBlob(
      services,
      chart[query.format],
      { mediaType, fileName: `${chart.name}.${query.format}` },
      response,
      signal,
    );
  },
});

/** The routes of reports. */
export const reports: ApiDomainWithPorts<ReportPorts> = {
  tag: 'reports',
  components: reportComponents,
  openPorts: openReportPorts,
  routes: [
    startReport,
    listReports,
    getReport,
    fileRoute('/v1/reports/:id/pdf', 'pdf'),
    fileRoute('/v1/reports/:id/file', 'any'),
    getChart,
  ],
};
