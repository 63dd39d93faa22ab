/** As much of S3 as the blob store uses: PUT, GET, HEAD and DELETE of objects, HEAD of the bucket. Refuses unsigned requests. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FakeS3 {
  readonly endpoint: string;
  /** Objects by path, for example `bucket/uploads/ab/…`; tests may change them. */
  readonly objects: Map<string, Buffer>;
  /** Methods of all requests so far. */
  readonly requests: string[];
  /** Statuses with which the next requests are refused. */
  readonly refusals: number[];
  close(): Promise<void>;
}

export async function startFakeS3(bucket: string): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
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
    answer(request, response, { bucket, objects }).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a port.');
  return {
    endpoint: `http://127.0.0.1:${String(address.port)}`,
    objects,
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
}

async function answer(request: IncomingMessage, response: ServerResponse, { bucket, objects }: Store): Promise<void> {
  const path = decodeURIComponent(new URL(request.url ?? '', 'http://s3').pathname)
    .slice(1)
    .replace(/\/$/, '');
  const object = objects.get(path);
  if (path.split('/')[0] !== bucket) answerError(response, 404, 'NoSuchBucket');
  else if (path === bucket) response.writeHead(200).end();
  else if (request.method === 'PUT') await answerPut(request, response, path, objects);
  else if (request.method === 'DELETE') {
    objects.delete(path);
    response.writeHead(204).end();
  } else if (object === undefined) answerError(response, 404, 'NoSuchKey');
  else
    response
      .writeHead(200, { 'content-length': object.byteLength })
      .end(request.method === 'HEAD' ? undefined : object);
}

async function answerPut(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  objects: Map<string, Buffer>,
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
    response.writeHead(200, { etag: '"0"' }).end();
  }
}

function answerError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
