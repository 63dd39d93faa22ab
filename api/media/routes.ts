/** Routes of media: upload a picture or a film, see what was made of it, and fetch that. */
import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { NotFound, validate } from '../../client/index.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { makeVariantsInputSchema } from '../../contracts/media/schema.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { StoredMedium } from '../../services/media/port.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { answerOnce } from '../http/answer-once.ts';
import { component } from '../http/components.ts';
import { idOfKey } from '../http/idempotency.ts';
import { endOf } from '../http/job-end.ts';
import { HttpError } from '../http/problem.ts';
import { routesWith } from '../http/route.ts';
import { receiveFiles } from '../http/upload.ts';
import { type MediaPorts, type MediaServices, openMediaPorts } from './ports.ts';
import {
  mediaFileParams,
  mediaParams,
  mediaQuery,
  mediaSchema,
  queuedMediaSchema,
  uploadQuery,
  videoQuery,
} from './schemas.ts';

const defineRoute = routesWith<MediaServices>();

const addressOf = (key: string, tenant: string | undefined): string =>
  `/v1/media/${encodeURIComponent(key)}${tenant === undefined ? '' : `?tenant=${encodeURIComponent(tenant)}`}`;

const uploadPicture = defineRoute({
  name: 'uploadPicture',
  method: 'post',
  path: '/v1/media',
  summary: 'Upload one picture and make its variants; the same key or Idempotency-Key is the same picture',
  upload: true,
  query: uploadQuery,
  answers: { 202: { description: 'Started; Location tells where to look', schema: queuedMediaSchema } },
  errors: [409, 413, 415, 507],
  async handle({ services, query, request, response }) {
    const { key = idOfKey(request) ?? randomUUID(), tenant, variants, formats, ...rest } = query;
    const source = await receiveOne(services, request);
    await answerOnce({ services, request, response }, [source.sha256], async () => {
      const input = validate(makeVariantsInputSchema, {
        ...rest,
        mediaKey: key,
        source,
        variants: variants?.split(','),
        formats: formats?.split(','),
      });
      const job = await services.client.media.makeVariants({ ...input, tenant });
      sendStarted(response, key, tenant, job.id);
    });
  },
});

const uploadVideo = defineRoute({
  name: 'uploadVideo',
  method: 'post',
  path: '/v1/media/videos',
  summary: 'Upload one film and make a poster and an MP4 of it; the same key or Idempotency-Key is the same film',
  upload: true,
  query: videoQuery,
  answers: { 202: { description: 'Started; Location tells where to look', schema: queuedMediaSchema } },
  errors: [409, 413, 415, 507],
  async handle({ services, query, request, response }) {
    const { key = idOfKey(request) ?? randomUUID(), tenant } = query;
    const source = await receiveOne(services, request);
    await answerOnce({ services, request, response }, [source.sha256], async () => {
      const job = await services.client.media.processVideo({ mediaKey: key, source, tenant });
      sendStarted(response, key, tenant, job.id);
    });
  },
});

/** Stores the one file of an upload. */
async function receiveOne({ settings, blobs }: MediaServices, request: Request): Promise<BlobRef> {
  const maxBytes = settings.uploadMaxBytes;
  const limit = { bytes: maxBytes, variable: 'UPLOAD_MAX_MB' };
  const [source] = await receiveFiles(request, { maxFiles: 1, maxBytes }, ({ content }) =>
    blobs.put('media', content, { limit }),
  );
  if (source === undefined) throw new HttpError(400, 'The upload holds no file: send one part with a file name.');
  return source;
}

function sendStarted(response: Response, key: string, tenant: string | undefined, taskId: string): void {
  response.status(202).location(addressOf(key, tenant)).json({ status: 'queued', media_key: key, task_id: taskId });
}

const getMedia = defineRoute({
  name: 'getMedia',
  method: 'get',
  path: '/v1/media/:key',
  summary: 'Where a picture stands, and which files were made of it so far',
  params: mediaParams,
  query: mediaQuery,
  answers: { 200: { description: 'The job and its files, or why it failed', schema: mediaSchema } },
  errors: [404],
  async handle({ services, params: { key }, query: { tenant }, response }) {
    const job = services.client.media.get(key, { tenant });
    const [status, stored] = await Promise.all([
      job.status().catch((error: unknown) => {
        if (error instanceof NotFound) return 'gone' as const;
        throw error;
      }),
      services.media.find({ tenant, key }),
    ]);
    if (status === 'gone' && stored === undefined) throw notFound(key);
    const { failure } = await endOf(job, status);
    const files = (stored?.files ?? []).map(({ file, ...facts }) => ({ ...facts, size: file.size }));
    response.json({ key, status, files, ...(failure === undefined ? {} : { failure }) });
  },
});

const getMediaFile = defineRoute({
  name: 'downloadMediaFile',
  method: 'get',
  path: '/v1/media/:key/files/:file',
  summary: 'One file that was made of a picture',
  params: mediaFileParams,
  query: mediaQuery,
  answers: { 200: { description: 'The file', mediaType: '*/*' } },
  errors: [404],
  async handle({ services, params, query: { tenant }, response, signal }) {
    const stored = await services.media.find({ tenant, key: params.key });
    const { file, mediaType, name } = fileOf(stored, params.key, params.file);
    const content = await services.blobs.open(file);
    response.type(mediaType).attachment(name).type(mediaType).set('content-length', String(file.size));
    await pipeline(content, response, { signal });
  },
});

function fileOf(stored: StoredMedium | undefined, key: string, name: string): StoredMedium['files'][number] {
  const found = stored?.files.find((file) => file.name === name);
  if (found === undefined) throw notFound(`${key}/${name}`);
  return found;
}

function notFound(what: string): PerennialError {
  return new PerennialError('MediaNotFound', `The tenant has nothing with the name '${what}'.`);
}

/** The routes of media. */
export const media: ApiDomainWithPorts<MediaPorts> = {
  tag: 'media',
  openPorts: openMediaPorts,
  components: {
    QueuedMedia: component(queuedMediaSchema, { status: 'queued', media_key: 'photo-7', task_id: 'media-1' }),
    Media: component(mediaSchema, {
      key: 'photo-7',
      status: 'completed',
      files: [{ name: 'web.webp', mediaType: 'image/webp', width: 1_600, height: 1_200, size: 182_044 }],
    }),
  },
  routes: [uploadPicture, uploadVideo, getMedia, getMediaFile],
};
