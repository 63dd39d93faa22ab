/** Routes that show what was imported: imports, their progress, their rows and what was rejected. */
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { NotFound, Unavailable } from '../../client/index.ts';
import type { ImportProgress } from '../../contracts/imports/vocabulary.ts';
import { type ImportView, importViewSchema } from '../../contracts/imports/view.schema.ts';
import { HttpError } from '../http/problem.ts';
import { sendPage } from '../http/paging.ts';
import { type Route, routesWith } from '../http/route.ts';
import type { ApiServices } from '../services.ts';
import {
  exportQuery,
  importListSchema,
  importParams,
  importsQuery,
  progressSchema,
  rowListSchema,
  rowsQuery,
} from './schemas.ts';

const defineRoute = routesWith<ApiServices>();

/** Place after which a page begins, as the database names it. */
const positionSchema = z.string().min(1).max(1_000);

const list = defineRoute({
  name: 'listImports',
  method: 'get',
  path: '/v1/imports',
  summary: 'Imports, newest first, by status, schema, dataset, source and time of their start',
  query: importsQuery,
  answers: { 200: { description: 'One page of the list', schema: importListSchema } },
  async handle({ services, query, request, response }) {
    const { limit, cursor: _cursor, ...filter } = query;
    await sendPage({ request, response, query }, positionSchema, async (after) => {
      const { imports: items, next } = await services.client.imports.list({ ...filter, after }, { limit });
      return { items, next };
    });
  },
});

const get = defineRoute({
  name: 'getImport',
  method: 'get',
  path: '/v1/imports/:id',
  summary: 'One import: where it stands, what was read, saved, rejected and skipped',
  params: importParams,
  answers: { 200: { description: 'The import', schema: importViewSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await services.client.imports.view(params.id));
  },
});

const progress = defineRoute({
  name: 'getImportProgress',
  method: 'get',
  path: '/v1/imports/:id/progress',
  summary: 'How far an import is, with an estimate of the time left',
  params: importParams,
  answers: { 200: { description: 'The progress', schema: progressSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await progressOf(services, params.id));
  },
});

const rejects = defineRoute({
  name: 'downloadImportRejects',
  method: 'get',
  path: '/v1/imports/:id/rejects',
  summary: 'The rejected records as CSV: line, column, redacted value and reason',
  params: importParams,
  answers: {
    200: { description: 'The list; 204 when nothing was rejected', mediaType: 'text/csv' },
    204: { description: 'Nothing was rejected' },
  },
  errors: [404, 409],
  async handle({ services, params, response }) {
    const view = await services.client.imports.view(params.id);
    if (view.status === 'running')
      throw new HttpError(409, 'The import is still running; its rejects are listed at its end.');
    if (view.rejects === null) {
      response.status(204).end();
      return;
    }
    const content = await services.blobs.open(view.rejects);
    response.type('text/csv; charset=utf-8').attachment(`${view.id}-rejects.csv`);
    await pipeline(content, response);
  },
});

const rows = defineRoute({
  name: 'listImportRows',
  method: 'get',
  path: '/v1/imports/:id/rows',
  summary: 'The rows that are there because of an import, page by page',
  params: importParams,
  query: rowsQuery,
  answers: { 200: { description: 'One page of the rows', schema: rowListSchema } },
  errors: [404],
  async handle({ services, params, query, request, response }) {
    await sendPage({ request, response, query }, positionSchema, async (after) => {
      const { rows: items, next } = await services.client.imports.rows(params.id, { after, limit: query.limit });
      return { items, next };
    });
  },
});

const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' } as const;

const exportRows = defineRoute({
  name: 'exportImportRows',
  method: 'get',
  path: '/v1/imports/:id/export',
  summary: 'The rows of an import as a file of CSV or JSON lines',
  params: importParams,
  query: exportQuery,
  answers: { 200: { description: 'The rows; `application/jsonl` for the other format', mediaType: 'text/csv' } },
  errors: [404],
  async handle({ services, params, query: { format }, response, signal }) {
    const { imports } = services.client;
    const content = await imports.export(params.id, { format, signal });
    response.attachment(`${imports.get(params.id).id}.${format}`).setHeader('content-type', MEDIA_TYPES[format]);
    await pipeline(content, response, { signal });
  },
});

/** Derives the phase from the status of the row. */
function phaseOf(status: ImportView['status']): ImportProgress['phase'] {
  if (status === 'running') return 'saving';
  return status === 'finished' || status === 'cancelled' ? status : 'failed';
}

/** Asks the workflow, or the database when no worker runs that could answer the query. */
async function progressOf(services: ApiServices, id: string): Promise<ImportProgress> {
  try {
    return await services.client.imports.get(id).progress();
  } catch (error) {
    if (!(error instanceof Unavailable) && !(error instanceof NotFound)) throw error;
    const { status, bytes, doneBytes, read, saved, rejected, skipped, createdAt } =
      await services.client.imports.view(id);
    const phase = phaseOf(status);
    return {
      phase,
      bytes: bytes ?? 0,
      doneBytes,
      read,
      saved,
      rejected,
      skipped,
      startedAt: createdAt,
      remainingMs: null,
    };
  }
}

/** The routes that show what was imported. */
export const viewRoutes: readonly Route[] = [list, get, progress, rejects, rows, exportRows];
