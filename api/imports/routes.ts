/** Routes of imports: start one from a URL, a path or an upload, and read its progress and result. */
import { pipeline } from 'node:stream/promises';
import { lookAtJob, NotFound, Unavailable } from '../../client/index.ts';
import type { ImportInput, ImportView } from '../../contracts/imports/schema.ts';
import { importSchemas, type ImportProgress } from '../../contracts/imports/vocabulary.ts';
import { HttpError } from '../http/problem.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { routesWith } from '../http/route.ts';
import { openImportPorts, type ImportPorts, type ImportServices } from './ports.ts';
import { receiveFiles } from '../http/upload.ts';
import { idOfKey } from '../http/idempotency.ts';
import { startedSchema } from '../http/schemas.ts';
import {
  importListSchema,
  importParams,
  importSchema,
  importSchemasSchema,
  progressSchema,
  startBody,
  uploadQuery,
} from './schemas.ts';

const defineRoute = routesWith<ImportServices>();

const start = defineRoute({
  method: 'post',
  path: '/imports',
  summary: 'Import a file from an address or a path; the same Idempotency-Key is the same import',
  body: startBody,
  answers: { 202: { description: 'Started; Location tells where to look', schema: startedSchema } },
  errors: [409],
  async handle({ services, body, request, response }) {
    const job = await services.client.imports.start(body satisfies ImportInput, {
      id: idOfKey(request),
    });
    response.status(202).location(`/imports/${job.id}`).json({ id: job.id });
  },
});

const upload = defineRoute({
  method: 'post',
  path: '/imports/upload',
  summary: 'Import a file that is sent along; it is removed when the import is over',
  upload: true,
  query: uploadQuery,
  answers: { 202: { description: 'Started; Location tells where to look', schema: startedSchema } },
  errors: [409, 413, 415, 507],
  async handle({ services, query, request, response }) {
    const maxBytes = services.settings.uploadMaxBytes;
    const [blob] = await receiveFiles(request, { maxFiles: 1, maxBytes }, ({ content }) =>
      services.blobs.put('imports/uploads', content, { limit: { bytes: maxBytes, variable: 'UPLOAD_MAX_MB' } }),
    );
    if (blob === undefined) throw new HttpError(400, 'The upload holds no file.');
    const { startOcr, ...rest } = query;
    const input: ImportInput = { ...rest, source: { blob }, ...(startOcr === true ? { startOcr: true as const } : {}) };
    const job = await services.client.imports.start(input, { id: idOfKey(request) });
    response.status(202).location(`/imports/${job.id}`).json({ id: job.id });
  },
});

const list = defineRoute({
  method: 'get',
  path: '/imports',
  summary: 'The newest imports',
  answers: { 200: { description: 'Newest first', schema: importListSchema } },
  async handle({ services, response }) {
    response.json({ imports: await services.imports.list(100) });
  },
});

const schemas = defineRoute({
  method: 'get',
  path: '/imports/schemas',
  summary: 'What records may be validated against, by name',
  answers: { 200: { description: 'The schemas', schema: importSchemasSchema } },
  handle({ response }) {
    response.json({ schemas: importSchemas });
    return Promise.resolve();
  },
});

const get = defineRoute({
  method: 'get',
  path: '/imports/:id',
  summary: 'One import: where it stands, what was read, saved, rejected and skipped',
  params: importParams,
  answers: { 200: { description: 'The import', schema: importSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await viewOf(services, params.id));
  },
});

const progress = defineRoute({
  method: 'get',
  path: '/imports/:id/progress',
  summary: 'How far an import is, with an estimate of the time left',
  params: importParams,
  answers: { 200: { description: 'The progress', schema: progressSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await progressOf(services, params.id));
  },
});

const rejects = defineRoute({
  method: 'get',
  path: '/imports/:id/rejects',
  summary: 'The rejected records as CSV: line, column, redacted value and reason',
  params: importParams,
  answers: {
    200: { description: 'The list; 204 when nothing was rejected', mediaType: 'text/csv' },
    204: { description: 'Nothing was rejected' },
  },
  errors: [404, 409],
  async handle({ services, params, response }) {
    const view = await viewOf(services, params.id);
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

const cancel = defineRoute({
  method: 'post',
  path: '/imports/:id/cancel',
  summary: 'Stop an import; what is saved stays saved, the temporary file is removed',
  params: importParams,
  answers: { 202: { description: 'Asked to stop', schema: startedSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    const job = services.client.imports.get(params.id);
    await job.cancel();
    response.status(202).json({ id: job.id });
  },
});

/** Reads the import from the database, or from the Temporal server before the download has begun. @throws NotFound */
async function viewOf(services: ImportServices, given: string): Promise<ImportView> {
  const job = services.client.imports.get(given);
  const view = await services.imports.view(job.id);
  if (view?.status === 'running') {
    const look = lookAtJob(job);
    const open = (await look()) === 'running' || (await services.importRows.closeImport(job.id, look)) === undefined;
    return open ? view : ((await services.imports.view(job.id)) ?? view);
  }
  if (view !== undefined) return view;
  const status = await job.status().catch((error: unknown) => {
    throw error instanceof NotFound ? new NotFound(given, 'import') : error;
  });
  return { ...NOTHING_YET, id: job.id, status: status === 'completed' ? 'finished' : status };
}

const NOTHING_YET: Omit<ImportView, 'id' | 'status'> = {
  schema: '',
  dataset: null,
  source: '',
  dryRun: false,
  read: 0,
  saved: 0,
  rejected: 0,
  skipped: 0,
  bytes: null,
  doneBytes: 0,
  layout: null,
  rejects: null,
  failure: null,
  createdAt: new Date(0).toISOString(),
  finishedAt: null,
};

/** Derives the phase from the status of the row. */
function phaseOf(status: ImportView['status']): ImportProgress['phase'] {
  if (status === 'running') return 'saving';
  return status === 'finished' || status === 'cancelled' ? status : 'failed';
}

/** Asks the workflow, or the database when no worker runs that could answer the query. */
async function progressOf(services: ImportServices, id: string): Promise<ImportProgress> {
  try {
    return await services.client.imports.get(id).progress();
  } catch (error) {
    if (!(error instanceof Unavailable) && !(error instanceof NotFound)) throw error;
    const { status, bytes, doneBytes, read, saved, rejected, skipped, createdAt } = await viewOf(services, id);
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

/** The routes of imports. Fixed paths stand before paths with an id, because the first match answers. */
export const imports: ApiDomainWithPorts<ImportPorts> = {
  tag: 'imports',
  openPorts: openImportPorts,
  routes: [start, upload, list, schemas, get, progress, rejects, cancel],
};
