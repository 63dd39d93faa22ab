/** Routes of imports: start one from a URL, a path or an upload, and stop it. */
import { randomUUID } from 'node:crypto';
import type { ImportInput } from '../../contracts/imports/schema.ts';
import { importSchemas } from '../../contracts/imports/vocabulary.ts';
import { HttpError } from '../http/problem.ts';
import type { ApiDomain } from '../domain.ts';
import { routesWith } from '../http/route.ts';
import { receiveFiles } from '../http/upload.ts';
import { answerOnce } from '../http/answer-once.ts';
import { idOfKey } from '../http/idempotency.ts';
import { startedSchema } from '../http/schemas.ts';
import type { ApiServices } from '../services.ts';
import { importComponents } from './components.ts';
import { viewRoutes } from './view-routes.ts';
import { importParams, importSchemasSchema, startBody, uploadQuery } from './schemas.ts';

const defineRoute = routesWith<ApiServices>();

const start = defineRoute({
  name: 'startImport',
  method: 'post',
  path: '/v1/imports',
  summary: 'Import a file from an address or a path; the same Idempotency-Key is the same import',
  body: startBody,
  answers: { 202: { description: 'Started; Location tells where to look', schema: startedSchema } },
  errors: [409],
  async handle({ services, body, request, response }) {
    const job = await services.client.imports.start(body satisfies ImportInput, {
      id: idOfKey(request),
    });
    response.status(202).location(`/v1/imports/${job.id}`).json({ id: job.id });
  },
});

const upload = defineRoute({
  name: 'uploadImport',
  method: 'post',
  path: '/v1/imports/upload',
  summary: 'Import a file that is sent along; it is removed when the import is over',
  upload: true,
  query: uploadQuery,
  answers: { 202: { description: 'Started; Location tells where to look', schema: startedSchema } },
  errors: [409, 413, 415, 507],
  async handle({ services, query, request, response }) {
    const maxBytes = services.settings.uploadMaxBytes;
    // Each request has a place of its own, because the import removes its file, and equal files would share one.
    const place = `imports/uploads/${idOfKey(request) ?? randomUUID()}`;
    const [blob] = await receiveFiles(request, { maxFiles: 1, maxBytes }, ({ content }) =>
      services.blobs.put(place, content, { limit: { bytes: maxBytes, variable: 'UPLOAD_MAX_MB' } }),
    );
    if (blob === undefined) throw new HttpError(400, 'The upload holds no file.');
    const { startOcr, ...rest } = query;
    const input: ImportInput = { ...rest, source: { blob }, ...(startOcr === true ? { startOcr: true as const } : {}) };
    await answerOnce({ services, request, response }, blob, async () => {
      const job = await services.client.imports.start(input, { id: idOfKey(request) });
      response.status(202).location(`/v1/imports/${job.id}`).json({ id: job.id });
    });
  },
});

const schemas = defineRoute({
  name: 'listImportSchemas',
  method: 'get',
  path: '/v1/imports/schemas',
  summary: 'What records may be validated against, by name',
  answers: { 200: { description: 'The schemas', schema: importSchemasSchema } },
  handle({ response }) {
    response.json({ schemas: importSchemas });
    return Promise.resolve();
  },
});

const cancel = defineRoute({
  name: 'cancelImport',
  method: 'post',
  path: '/v1/imports/:id/cancel',
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

/** The routes of imports. Fixed paths stand before paths with an id, because the first match answers. */
export const imports: ApiDomain = {
  tag: 'imports',
  components: importComponents,
  routes: [start, upload, schemas, ...viewRoutes, cancel],
};
