import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { Stopped, Unavailable } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { documentId, testApi } from '../../support/fakes/api.ts';

const key = 'a-key-of-sixteen-characters';
const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

describe('health', () => {
  test('HEALTH-1: GET /health', async () => {
    const response = await request(testApi().app).get('/health');
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ status: 'healthy', timestamp: expect.stringMatching(time) as string });
  });

  test('HEALTH-3: GET /health/live', async () => {
    const response = await request(testApi().app).get('/health/live');
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ status: 'alive', timestamp: expect.stringMatching(time) as string });
  });

  test('HEALTH-2: ready with workers', async () => {
    const api = testApi();
    api.client.workers = 3;
    const response = await request(api.app).get('/health/ready');
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      status: 'ready',
      timestamp: expect.stringMatching(time) as string,
      checks: { database: 'ok', blobs: 'ok', temporal: 'ok', workers: 'ok (3 workers)' },
    });
  });

  test('HEALTH-2: degraded without workers', async () => {
    const api = testApi();
    api.client.workers = 0;
    const response = await request(api.app).get('/health/ready');
    expect(response.status).toBe(503);
    expect(response.body).toEqual({
      status: 'degraded',
      timestamp: expect.stringMatching(time) as string,
      checks: { database: 'ok', blobs: 'ok', temporal: 'ok', workers: 'warning: no workers' },
    });
  });

  test.each(['database', 'blobs', 'temporal'] as const)(
    'HEALTH-2: not ready without %s, and the worst state wins',
    async (part) => {
      const api = testApi();
      api.client.workers = 0;
      api.checks[part] = Object.assign(new Error('connect ECONNREFUSED db.internal:5432'), { code: 'ECONNREFUSED' });
      const response = await request(api.app).get('/health/ready');
      expect(response.status).toBe(503);
      expect(response.body).toMatchObject({
        status: 'not_ready',
        checks: { [part]: 'error: ECONNREFUSED', workers: 'warning: no workers' },
      });
    },
  );
});

describe('the API key', () => {
  test.each([
    ['none', {}, 401],
    ['a wrong one', { 'x-api-key': 'wrong' }, 401],
    ['a wrong scheme', { authorization: `Basic ${key}` }, 401],
    ['the right one as bearer', { authorization: `Bearer ${key}` }, 200],
    ['the right one as header', { 'x-api-key': key }, 200],
  ])('with %s', async (_what, headers, status) => {
    const response = await request(testApi({ key }).app).get('/v1/documents').set(headers);
    expect(response.status).toBe(status);
    if (status === 401) expect(response.headers['www-authenticate']).toContain('Bearer');
  });

  test('is asked for before the body is read', async () => {
    const response = await request(testApi({ key }).app)
      .post('/v1/batches')
      .set('content-type', 'application/json')
      .send('{broken');
    expect(response.status).toBe(401);
  });

  test.each(['/health', '/health/live', '/health/ready', '/v1/openapi.json', '/v1/docs'])(
    'is not needed for %s',
    async (path) => {
      expect((await request(testApi({ key }).app).get(path)).status).toBe(200);
    },
  );
});

describe('bad input (SEC-1)', () => {
  test.each([
    ['post', '/v1/batches', {}, ''],
    ['post', '/v1/batches', { documentIds: ['a'], paths: ['b'] }, ''],
    ['post', '/v1/batches', { paths: [1] }, 'paths[0]'],
    ['post', '/v1/batches', { paths: ['a'], backend: 'abbyy' }, 'backend'],
    ['post', '/v1/batches', { paths: ['a'], language: 'english' }, 'language'],
    ['post', '/v1/batches', { paths: ['a'], window: 501 }, 'window'],
    ['post', '/v1/batches', { paths: ['a'], windw: 1 }, 'windw'],
    ['post', '/v1/batches', { paths: ['a'], resume: true }, 'resume'],
    ['post', '/v1/batches', { paths: ['x'.repeat(4097)] }, 'paths[0]'],
    ['post', '/v1/documents/ocr', { documentIds: [] }, 'documentIds'],
    ['post', '/v1/documents/ocr', { documentIds: ['nope'] }, 'documentIds[0]'],
    ['post', `/v1/documents/${documentId(1)}/ocr`, { forceOcr: 'yes' }, 'forceOcr'],
    ['get', '/v1/documents?limit=0', undefined, 'limit'],
    ['get', '/v1/documents?limit=1&limit=2', undefined, 'limit'],
    ['get', '/v1/documents?status=done', undefined, 'status'],
    ['get', '/v1/documents?stauts=failed', undefined, 'stauts'],
    ['get', '/v1/documents/nope', undefined, 'id'],
    ['get', '/v1/documents/..%2f..%2fetc%2fpasswd', undefined, 'id'],
    ['get', `/v1/documents/${documentId(1)}/result?format=docx`, undefined, 'format'],
    ['get', '/v1/batches/b1/outcomes?after=1', undefined, 'after'],
  ] as const)('%s %s %j names the field %j', async (method, path, sent, field) => {
    const api = testApi();
    const call = request(api.app)[method](path);
    const response = await (sent === undefined ? call : call.send(sent));
    expect(response.status).toBe(400);
    expect(response.type).toBe('application/problem+json');
    const problem = response.body as { errors: { field: string; expected: string; got: string }[] };
    expect(problem).toMatchObject({
      type: 'urn:perennial:failure:InvalidInput',
      failure: { type: 'InvalidInput', class: 'permanent' },
    });
    expect(problem.errors.map((error) => error.field)).toContain(field);
    expect(problem.errors.every((error) => error.expected !== '' && error.got !== '')).toBe(true);
    expect(api.client.asked).toEqual([]);
  });

  test.each(['', '/result', '/pages', '/invoice'])('GET /v1/documents/{unknown}%s is not found', async (path) => {
    const response = await request(testApi().app).get(`/v1/documents/${documentId(7)}${path}`);
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ failure: { type: 'DocumentNotFound' } });
  });

  test.each(['/ocr', '/invoice'])('POST /v1/documents/{unknown}%s is not found', async (path) => {
    const api = testApi();
    expect((await request(api.app).post(`/v1/documents/${documentId(7)}${path}`)).status).toBe(404);
    expect(api.client.asked).toEqual([]);
  });
});

describe('payloads are JSON (CFG-8)', () => {
  test.each([
    ['application/x-www-form-urlencoded', 'paths=/a', 415],
    ['text/plain', '{"paths":["/a"]}', 415],
    ['application/x-python-pickle', 'cos\nsystem', 415],
    ['application/json', '{"paths": undefined}', 400],
    ['application/json', '"a string"', 400],
    ['application/json', '[]', 400],
    ['application/json; charset=latin1', '{"paths":["/a"]}', 415],
  ])('%s %s is answered with %i', async (type, sent, status) => {
    const api = testApi();
    const response = await request(api.app).post('/v1/batches').set('content-type', type).send(sent);
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(api.client.asked).toEqual([]);
  });

  test('a body above 10 MB is refused', async () => {
    const response = await request(testApi().app)
      .post('/v1/batches')
      .send({ paths: ['x'.repeat(11 * 1024 * 1024)] });
    expect(response.status).toBe(413);
    expect(response.body).toMatchObject({ detail: expect.stringContaining('10 MB') as string });
  });
});

describe('errors', () => {
  test('an unknown path is 404, another method 405 with Allow', async () => {
    const api = testApi();
    const missing = await request(api.app).get('/nowhere');
    expect(missing.status).toBe(404);
    expect(missing.body).toMatchObject({ type: 'about:blank', status: 404 });
    const wrong = await request(api.app).delete('/v1/documents');
    expect(wrong.status).toBe(405);
    expect(wrong.headers['allow']).toBe('POST, GET, HEAD, OPTIONS');
  });

  test('a path that cannot be decoded is 400', async () => {
    const response = await request(testApi().app).get('/v1/documents/%E0%A4%A');
    expect(response.status).toBe(400);
    expect(response.type).toBe('application/problem+json');
  });

  test.each([
    [new PerennialError('DatabaseUnavailable', 'gone'), 503],
    [new PerennialError('BackendThrottled', 'slow down', { retryAfterMs: 7_100 }), 429],
    [new PerennialError('LanguageDataMissing', 'no deu'), 503],
    [new PerennialError('EmptyBatch', 'none'), 400],
    [new Unavailable('no server'), 503],
    [new Stopped('x', 'cancelled'), 409],
  ])('%s is answered with %i', async (error, status) => {
    const api = testApi();
    api.client.failure = error;
    const response = await request(api.app)
      .post('/v1/batches')
      .send({ paths: ['/a'] });
    expect(response.status).toBe(status);
    expect(response.body).toMatchObject({ status, detail: error.message });
    if (status === 429) expect(response.headers['retry-after']).toBe('8');
  });

  test('what is not foreseen is told to the log, not to the caller', async () => {
    const api = testApi();
    api.client.failure = new Error('password=hunter2 at /secret/file.ts:1');
    const response = await request(api.app)
      .post('/v1/batches')
      .send({ paths: ['/a'] });
    expect(response.status).toBe(500);
    expect(response.text).not.toMatch(/hunter2|\.ts|at \//);
    const { instance } = response.body as { instance: string };
    expect(api.logged.some((line) => line.includes(instance))).toBe(true);
  });

  test('nothing tells which software answers, and a page runs no scripts but those of the API', async () => {
    const response = await request(testApi().app).get('/health');
    expect(response.headers['x-powered-by']).toBeUndefined();
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
    const page = await request(testApi({ reference: '/scalar.js' }).app).get('/v1/docs');
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
  });
});
