/** As much of S3 as the blob store uses: PUT, GET (also of a range), HEAD and DELETE of objects, HEAD and listing of the bucket. Refuses unsigned requests. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FakeS3 {
  readonly endpoint: string;
  /** Objects by path, for example `bucket/uploads/ab/…`; tests may change them. */
  readonly objects: Map<string, Buffer>;
  /** When objects were put, by the same path; tests may change that too. */
  readonly putAt: Map<string, Date>;
  /** Methods of all requests so far. */
  readonly requests: string[];
  /** Statuses with which the next requests are refused. */
  readonly refusals: number[];
  close(): Promise<void>;
}

export async function startFakeS3(bucket: string): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const putAt = new Map<string, Date>();
  const requests: string[] = [];
  const refusals: number[] = [];
  const server = createServer((request, response) => {
    requests.push(request.method ?? '');
    const refusal = refusals.shift();
    const signed = /^AWS4-HMAC-SHA256 Credential=.+, SignedHeaders=.+, Signature=[0-9a-f]{64}$/.test(
      request.headers.authorization ?? '',
    );
    if (refusal !== undefined || !signed) {
      request.resume();
      answerError(response, refusal ?? 403, refusal === 507 ? 'XMinioStorageFull' : 'Refused');
      return;
    }
    answer(request, response, { bucket, objects, putAt }).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a port.');
  return {
    endpoint: `http://127.0.0.1:${String(address.port)}`,
    objects,
    putAt,
    requests,
    refusals,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

interface Store {
  readonly bucket: string;
  readonly objects: Map<string, Buffer>;
  readonly putAt: Map<string, Date>;
}

async function answer(request: IncomingMessage, response: ServerResponse, store: Store): Promise<void> {
  const { bucket } = store;
  const url = new URL(request.url ?? '', 'http://s3');
  const path = decodeURIComponent(url.pathname).slice(1).replace(/\/$/, '');
  if (path.split('/')[0] !== bucket) answerError(response, 404, 'NoSuchBucket');
  else if (path === bucket && request.method === 'GET') answerList(response, url.searchParams, store);
  else if (path === bucket) response.writeHead(200).end();
  else if (request.method === 'PUT') await answerPut(request, response, path, store);
  else if (request.method === 'DELETE') {
    store.objects.delete(path);
    response.writeHead(204).end();
  } else if (request.method === 'GET' && request.headers.range !== undefined)
    answerRange(response, path, store, request.headers.range);
  else answerObject(response, path, store, request.method === 'HEAD');
}

/** As S3 does: a range that begins behind the end is refused, one that ends there is cut. */
function answerRange(response: ServerResponse, path: string, { objects }: Store, range: string): void {
  const object = objects.get(path);
  const [from = 0, last = 0] = /^bytes=(\d+)-(\d+)$/.exec(range)?.slice(1).map(Number) ?? [];
  if (object === undefined) answerError(response, 404, 'NoSuchKey');
  else if (from >= object.byteLength) answerError(response, 416, 'InvalidRange');
  else {
    const part = object.subarray(from, last + 1);
    const end = String(from + part.byteLength - 1);
    const headers = {
      'content-length': part.byteLength,
      'content-range': `bytes ${String(from)}-${end}/${String(object.byteLength)}`,
    };
    response.writeHead(206, headers).end(part);
  }
}

function answerObject(response: ServerResponse, path: string, { objects, putAt }: Store, isHead: boolean): void {
  const object = objects.get(path);
  if (object === undefined) {
    answerError(response, 404, 'NoSuchKey');
    return;
  }
  const headers = {
    'content-length': object.byteLength,
    'last-modified': (putAt.get(path) ?? new Date()).toUTCString(),
  };
  response.writeHead(200, headers).end(isHead ? undefined : object);
}

/** Two objects a page, so that whoever lists must turn pages. */
const PAGE = 2;

function answerList(response: ServerResponse, query: URLSearchParams, { bucket, objects, putAt }: Store): void {
  const start = Number(query.get('continuation-token') ?? 0);
  const found = [...objects].filter(([path]) => path.startsWith(`${bucket}/${query.get('prefix') ?? ''}`)).sort();
  const contents = found.slice(start, start + PAGE).map(([path, body]) => {
    const at = (putAt.get(path) ?? new Date()).toISOString();
    const key = path.slice(bucket.length + 1);
    return `<Contents><Key>${key}</Key><LastModified>${at}</LastModified><Size>${String(body.byteLength)}</Size></Contents>`;
  });
  const next = start + PAGE;
  const more = next < found.length ? `<NextContinuationToken>${String(next)}</NextContinuationToken>` : '';
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${String(more !== '')}</IsTruncated>${more}${contents.join('')}</ListBucketResult>`,
  );
}

async function answerPut(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  { objects, putAt }: Store,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer); // no encoding is set, so parts are buffers
  const body = Buffer.concat(parts);
  const expected = request.headers['x-amz-checksum-sha256'];
  if (body.byteLength !== Number(request.headers['content-length'])) answerError(response, 400, 'IncompleteBody');
  else if (createHash('sha256').update(body).digest('base64') !== expected)
    answerError(response, 400, 'XAmzContentChecksumMismatch');
  else {
    objects.set(path, body);
    putAt.set(path, new Date());
    response.writeHead(200, { etag: '"0"' }).end();
  }
}

function answerError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
