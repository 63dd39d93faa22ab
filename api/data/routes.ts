/** Routes of uploaded tables. */
import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { dataReportSchema } from '../../contracts/data/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { answerOnce } from '../http/answer-once.ts';
import { idOfKey } from '../http/idempotency.ts';
import { HttpError } from '../http/problem.ts';
import { routesWith } from '../http/route.ts';
import { receiveFiles } from '../http/upload.ts';
import { dataComponents } from './components.ts';
import { type DataPorts, type DataServices, openDataPorts } from './ports.ts';
import { dataFileSchema, fileParams, ownerQuery, startedFileSchema, uploadQuery } from './schemas.ts';

const defineRoute = routesWith<DataServices>();

const upload = defineRoute({
  name: 'uploadDataFile',
  method: 'post',
  path: '/v1/data/files',
  summary: 'Upload a table of a user, as CSV or XLSX, and have it profiled',
  upload: true,
  query: uploadQuery,
  answers: { 202: { description: 'Stored; Location tells where to look', schema: startedFileSchema } },
  errors: [409, 413, 415, 507],
  async handle({ services, query, request, response }) {
    const { userId, tenant, ...options } = query;
    const maxBytes = services.settings.uploadMaxBytes;
    const place = services.client.data.uploadPlace(userId, { tenant });
    const [file] = await receiveFiles(request, { maxFiles: 1, maxBytes }, ({ content }) =>
      services.blobs.put(place, content, { limit: { bytes: maxBytes, variable: 'UPLOAD_MAX_MB' } }),
    );
    if (file === undefined) throw new HttpError(400, 'The upload holds no file.');
    await answerOnce({ services, request, response }, file, async () => {
      const fileId = idOfKey(request) ?? randomUUID();
      const task = await services.client.data.profile({ userId, file, fileId, ...options }, { tenant });
      const owner = new URLSearchParams({ userId, ...(tenant === undefined ? {} : { tenant }) });
      response.status(202).location(`/v1/data/files/${fileId}?${owner.toString()}`).json({ id: fileId, task: task.id });
    });
  },
});

const get = defineRoute({
  name: 'getDataFile',
  method: 'get',
  path: '/v1/data/files/:id',
  summary: 'A table of a user: whether it was read, and what was counted',
  params: fileParams,
  query: ownerQuery,
  answers: { 200: { description: 'The file', schema: dataFileSchema } },
  errors: [404],
  async handle({ services, params, query: { userId, tenant }, response }) {
    const { fileId: id, profiled, createdAt } = await services.dataFiles.get({ fileId: params.id, userId, tenant });
    response.json({
      id,
      status: profiled === undefined ? 'waiting' : 'profiled',
      createdAt: createdAt.toISOString(),
      figures: profiled?.figures ?? null,
    });
  },
});

const report = defineRoute({
  name: 'getDataReport',
  method: 'get',
  path: '/v1/data/files/:id/report',
  summary: 'What stands in each column of a table, and what can be mended',
  params: fileParams,
  query: ownerQuery,
  answers: { 200: { description: 'The report', schema: dataReportSchema } },
  errors: [404],
  async handle({ services, params, query: { userId, tenant }, response, signal }) {
    const { profiled } = await services.dataFiles.get({ fileId: params.id, userId, tenant });
    if (profiled === undefined)
      throw new PerennialError('DataFileMissing', 'id: expected a file that was read, got one that waits to be read');
    const content = await services.blobs.open(profiled.report);
    response.type('application/json').setHeader('content-length', String(profiled.report.size));
    await pipeline(content, response, { signal });
  },
});

/** The routes of uploaded tables. */
export const data: ApiDomainWithPorts<DataPorts> = {
  tag: 'data',
  components: dataComponents,
  openPorts: openDataPorts,
  routes: [upload, get, report],
};
