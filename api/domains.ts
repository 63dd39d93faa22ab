/** Every route of the API, in the order in which it is documented. */
import { batchEvents } from './documents/batch-events.ts';
import { cancelBatch } from './documents/cancel-batch.ts';
import { canvasRoutes } from './canvas/routes.ts';
import { canvasApprovalRoutes } from './canvas/approvals.ts';
import { emailRoutes } from './email/routes.ts';
import { extractInvoice } from './documents/extract-invoice.ts';
import { getBatch } from './documents/get-batch.ts';
import { getDocument } from './documents/get-document.ts';
import { getInvoice } from './documents/get-invoice.ts';
import { getOutcomes } from './documents/get-outcomes.ts';
import { getPages } from './documents/get-pages.ts';
import { getResult } from './documents/get-result.ts';
import { healthLive } from './health/health-live.ts';
import { healthReady } from './health/health-ready.ts';
import { health } from './health/health.ts';
import { housekeepingRoutes } from './housekeeping/routes.ts';
import { importRoutes } from './imports/routes.ts';
import { listDocuments } from './documents/list-documents.ts';
import { pauseBatch } from './documents/pause-batch.ts';
import { queueRoutes } from './queues/routes.ts';
import { readDocument } from './documents/read-document.ts';
import { readDocuments } from './documents/read-documents.ts';
import { reportRoutes } from './reports/routes.ts';
import { resumeBatch } from './documents/resume-batch.ts';
import { scheduleRoutes } from './schedules/routes.ts';
import { startBatch } from './documents/start-batch.ts';
import { taskRoutes } from './tasks/routes.ts';
import { uploadDocuments } from './documents/upload-documents.ts';
import { openApiDocument } from './http/openapi.ts';
import { overviewPage } from './http/overview.ts';
import { defineRoute, type Route } from './http/route.ts';

const working: readonly Route[] = [
  uploadDocuments,
  listDocuments,
  readDocuments,
  getDocument,
  getResult,
  getPages,
  readDocument,
  getInvoice,
  extractInvoice,
  startBatch,
  getBatch,
  batchEvents,
  getOutcomes,
  cancelBatch,
  pauseBatch,
  resumeBatch,
  ...reportRoutes,
  ...importRoutes,
  ...housekeepingRoutes,
  ...emailRoutes,
  ...scheduleRoutes,
  ...taskRoutes,
  ...canvasRoutes,
  ...canvasApprovalRoutes,
  ...queueRoutes,
  health,
  healthReady,
  healthLive,
];

/** All routes, those that describe the others included. */
export function createRoutes(version: string): readonly Route[] {
  let document: object | undefined;
  const openapi = defineRoute({
    method: 'get',
    path: '/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document',
    tag: 'documentation',
    open: true,
    answers: { 200: { description: 'The document' } },
    handle({ response }) {
      document ??= openApiDocument(routes, version);
      response.json(document);
      return Promise.resolve();
    },
  });
  const overview = defineRoute({
    method: 'get',
    path: '/docs',
    summary: 'This list',
    tag: 'documentation',
    open: true,
    answers: { 200: { description: 'A page', mediaType: 'text/html' } },
    handle({ response }) {
      response.type('html').send(overviewPage(routes));
      return Promise.resolve();
    },
  });
  const routes: readonly Route[] = [...working, openapi, overview];
  return routes;
}
