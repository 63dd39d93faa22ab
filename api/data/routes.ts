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
import {
  cleanBody,
  dataFileSchema,
  exportBody,
  fileParams,
  ownerQuery,
  startedFileSchema,
  undoCleanBody,
  uploadQuery,
} from './schemas.ts';

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

const clean = defineRoute({
  name: 'cleanDataFile',
  method: 'post',
  path: '/v1/data/files/:id/cleanings',
  summary: 'Apply suggested fixes to a table; the table before is kept',
  params: fileParams,
  query: ownerQuery,
  body: cleanBody,
  answers: { 202: { description: 'Started; `id` names the cleaning', schema: startedFileSchema } },
  errors: [404, 409],
  async handle({ services, params, query: { userId, tenant }, body, request, response }) {
    await services.dataFiles.get({ fileId: params.id, userId, tenant });
    const cleaningId = idOfKey(request) ?? randomUUID();
    const task = await services.client.data.clean({ userId, fileId: params.id, cleaningId, ...body }, { tenant });
    response.status(202).json({ id: cleaningId, task: task.id });
  },
});

const undoClean = defineRoute({
  name: 'undoDataCleaning',
  method: 'post',
  path: '/v1/data/files/:id/undo',
  summary: 'Put the table from before a cleaning back',
  params: fileParams,
  query: ownerQuery,
  body: undoCleanBody,
  answers: { 202: { description: 'Started', schema: startedFileSchema } },
  errors: [404],
  async handle({ services, params, query: { userId, tenant }, body: { cleaningId }, response }) {
    await services.dataFiles.get({ fileId: params.id, userId, tenant });
    const task = await services.client.data.undoClean({ userId, fileId: params.id, cleaningId }, { tenant });
    response.status(202).json({ id: cleaningId, task: task.id });
  },
});

const exportFile = defineRoute({
  name: 'exportDataFile',
  method: 'post',
  path: '/v1/data/files/:id/exports',
  summary: 'Write a table as CSV, JSON lines, XLSX or Parquet',
  params: fileParams,
  query: ownerQuery,
  body: exportBody,
  answers: { 202: { description: 'Started; `id` names the export', schema: startedFileSchema } },
  errors: [404, 409],
  async handle({ services, params, query: { userId, tenant }, body: { format }, request, response }) {
    await services.dataFiles.get({ fileId: params.id, userId, tenant });
    const exportId = idOfKey(request) ?? randomUUID();
    const task = await services.client.data.export({ userId, fileId: params.id, format, exportId }, { tenant });
    response.status(202).json({ id: exportId, task: task.id });
  },
});

const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
} as const;

const download = defineRoute({
  name: 'downloadDataExport',
  method: 'get',
  path: '/v1/data/exports/:id/file',
  summary: 'The file of an export',
  params: fileParams,
  query: ownerQuery,
  answers: { 200: { description: 'The file, in the format that was asked for', mediaType: '*/*' } },
  errors: [404],
  async handle({ services, params, query, response, signal }) {
    const found = await services.dataExports.find({ userId: query.userId, tenant: query.tenant }, params.id);
    if (found === undefined)
      throw new PerennialError('DataFileMissing', 'id: expected an export of the user that is done, got another id');
    const content = await services.blobs.open(found.file);
    response.attachment(`${found.exportId}.${found.format}`).setHeader('content-type', MEDIA_TYPES[found.format]);
    response.setHeader('content-length', String(found.file.size));
    await pipeline(content, response, { signal });
  },
});

/** The routes of uploaded tables. */
export const data: ApiDomainWithPorts<DataPorts> = {
  tag: 'data',
  components: dataComponents,
  openPorts: openDataPorts,
  routes: [upload, get, report, clean, undoClean, exportFile, download],
};
