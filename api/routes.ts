/** Every route of the API, in the order in which it is documented. */
import { batchEvents } from './handlers/batch-events.ts';
import { cancelBatch } from './handlers/cancel-batch.ts';
import { canvasRoutes } from './handlers/canvas.ts';
import { canvasApprovalRoutes } from './handlers/canvas-approvals.ts';
import { emailRoutes } from './handlers/emails.ts';
import { extractInvoice } from './handlers/extract-invoice.ts';
import { getBatch } from './handlers/get-batch.ts';
import { getDocument } from './handlers/get-document.ts';
import { getInvoice } from './handlers/get-invoice.ts';
import { getOutcomes } from './handlers/get-outcomes.ts';
import { getPages } from './handlers/get-pages.ts';
import { getResult } from './handlers/get-result.ts';
import { healthLive } from './handlers/health-live.ts';
import { healthReady } from './handlers/health-ready.ts';
import { health } from './handlers/health.ts';
import { housekeepingRoutes } from './handlers/housekeeping.ts';
import { importRoutes } from './handlers/imports.ts';
import { listDocuments } from './handlers/list-documents.ts';
import { pauseBatch } from './handlers/pause-batch.ts';
import { queueRoutes } from './handlers/queues.ts';
import { readDocument } from './handlers/read-document.ts';
import { readDocuments } from './handlers/read-documents.ts';
import { reportRoutes } from './handlers/reports.ts';
import { resumeBatch } from './handlers/resume-batch.ts';
import { scheduleRoutes } from './handlers/schedules.ts';
import { startBatch } from './handlers/start-batch.ts';
import { taskRoutes } from './handlers/tasks.ts';
import { uploadDocuments } from './handlers/upload-documents.ts';
import { openApiDocument } from './openapi.ts';
import { overviewPage } from './overview.ts';
import { defineRoute, type Route } from './route.ts';

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
