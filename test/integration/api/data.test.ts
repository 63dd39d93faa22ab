import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import type { DataFile, FileOwner } from '../../../services/data/port.ts';
import { testApi } from '../../support/fakes/api.ts';

const figures = { rows: 3, columns: 2, duplicate_rows: 0, bad_rows: 0, fixes: 1 };

async function apiWithFile() {
  const api = testApi();
  const report = await api.blobs.put('data/reports', Buffer.from('{"rows":3}'));
  const file: DataFile = {
    fileId: 'orders',
    original: report,
    profiled: { figures, report, current: {} as never }, // no route looks at it
    createdAt: new Date('2026-01-31T12:00:00Z'),
  };
  const get = ({ fileId, userId, tenant }: FileOwner): Promise<DataFile> =>
    fileId === 'orders' && userId === 'ada' && tenant === undefined
      ? Promise.resolve(file)
      : Promise.reject(new PerennialError('DataFileMissing', 'fileId: expected one of the user, got another'));
  return { get, blobs: api.blobs };
}

describe('uploading a table', () => {
  it('DATA-2 stores it where only its user has files, and starts the task; nothing of it enters a payload', async () => {
    const api = testApi();
    const response = await request(api.app)
      .post('/v1/data/files?userId=ada%2F..%2Fbob&delimiter=%3B&headerRow=2')
      .set('Idempotency-Key', 'k1')
      .attach('file', Buffer.from('a;b\nsecret;2\n'), '../../etc/passwd.csv');
    expect(response.status).toBe(202);
    const { id, task } = response.body as { id: string; task: string };
    expect(task).toBe(`task-${id}`);
    expect(response.headers['location']).toBe(`/v1/data/files/${id}?userId=ada%2F..%2Fbob`);
    const place = `data/uploads/${Buffer.from('ada/../bob').toString('hex')}/`;
    const started = api.client.asked.find(([what]) => what === 'data.profile');
    expect(started).toMatchObject([
      'data.profile',
      { userId: 'ada/../bob', fileId: id, delimiter: ';', headerRow: 2 },
      { tenant: undefined },
    ]);
    expect((started?.[1] as { file: { key: string } }).file.key.startsWith(place)).toBe(true);
    expect(JSON.stringify(api.client.asked)).not.toContain('secret');
  });

  it('without a user, with a strange option or without a file it is refused before anything starts', async () => {
    const api = testApi();
    const send = (query: string) =>
      request(api.app).post(`/v1/data/files${query}`).attach('file', Buffer.from('a\n1\n'), 'a.csv');
    for (const query of ['', '?userId=', '?userId=ada&delimiter=%22', '?userId=ada&headerRow=x', '?userId=ada&x=1'])
      expect([query, (await send(query)).status]).toEqual([query, 400]);
    const none = await request(api.app).post('/v1/data/files?userId=ada').field('x', '1');
    expect(none.status).toBe(400);
    expect(api.client.asked.filter(([what]) => what === 'data.profile')).toEqual([]);
  });
});

describe('looking at a table', () => {
  it('DATA-2 SEC-3 its user is told what was counted, and anybody else that it is not there', async () => {
    const { get } = await apiWithFile();
    const { app } = testApi({}, {}, { dataFiles: { get } });
    const own = await request(app).get('/v1/data/files/orders?userId=ada');
    expect(own.body).toEqual({ id: 'orders', status: 'profiled', createdAt: '2026-01-31T12:00:00.000Z', figures });
    for (const address of ['orders?userId=bob', 'orders?userId=ada&tenant=acme', 'others?userId=ada']) {
      const response = await request(app).get(`/v1/data/files/${address}`);
      expect([response.status, (response.body as { type: string }).type]).toEqual([
        404,
        expect.stringContaining('DataFileMissing'),
      ]);
    }
    expect((await request(app).get('/v1/data/files/orders')).status).toBe(400);
  });
});

describe('DATA-3 what is mended and exported', () => {
  const own = {
    get: ({ fileId, userId }: FileOwner): Promise<DataFile> =>
      userId === 'ada'
        ? Promise.resolve({ fileId, original: {} as never, profiled: undefined, createdAt: new Date() })
        : Promise.reject(new PerennialError('DataFileMissing', 'fileId: expected one of the user, got another')),
  };

  it('DATA-3 SEC-3 is started for the user of the file alone', async () => {
    const api = testApi({}, {}, { dataFiles: own });
    const post = (path: string, body: object) => request(api.app).post(`/v1/data/files/f1/${path}`).send(body);
    const cleaned = await post('cleanings?userId=ada', { fixes: ['trim:1'] });
    const undone = await post('undo?userId=ada&tenant=acme', { cleaningId: 'k1' });
    const exported = await post('exports?userId=ada', { format: 'parquet' });
    expect([cleaned.status, undone.status, exported.status]).toEqual([202, 202, 202]);
    expect(api.client.asked).toMatchObject([
      ['data.clean', { userId: 'ada', fileId: 'f1', fixes: ['trim:1'] }, { tenant: undefined }],
      ['data.undoClean', { userId: 'ada', fileId: 'f1', cleaningId: 'k1' }, { tenant: 'acme' }],
      ['data.export', { userId: 'ada', fileId: 'f1', format: 'parquet' }, { tenant: undefined }],
    ]);
    expect((await post('cleanings?userId=bob', {})).status).toBe(404);
    expect((await post('undo?userId=bob', { cleaningId: 'k1' })).status).toBe(404);
    expect((await post('exports?userId=bob', { format: 'csv' })).status).toBe(404);
    expect((await post('exports?userId=ada', { format: 'exe' })).status).toBe(400);
    expect((await post('exports', { format: 'csv' })).status).toBe(400);
    expect(api.client.asked).toHaveLength(3);
  });

  it('DATA-3 is fetched by its user alone', async () => {
    const { app, blobs } = testApi(
      {},
      {},
      {
        dataExports: {
          find: async ({ userId, tenant }, exportId) =>
            userId === 'ada' && tenant === undefined && exportId === 'x1'
              ? {
                  exportId,
                  fileId: 'f1',
                  format: 'csv',
                  rows: 1,
                  leftOut: 0,
                  file: await blobs.put('data/exports', Buffer.from('a\n1\n')),
                }
              : undefined,
        },
      },
    );
    const found = await request(app).get('/v1/data/exports/x1/file?userId=ada');
    expect([found.status, found.text, found.headers['content-disposition']]).toEqual([
      200,
      'a\n1\n',
      'attachment; filename=x1.csv',
    ]);
    for (const address of ['x1/file?userId=bob', 'x1/file?userId=ada&tenant=acme', 'x2/file?userId=ada'])
      expect((await request(app).get(`/v1/data/exports/${address}`)).status).toBe(404);
  });
});
