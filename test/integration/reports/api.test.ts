/** The routes of reports over a fake client and store. */
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../client/index.ts';
import type { ReportView } from '../../../contracts/reports/schema.ts';
import { periodCalendar } from '../../../services/reports/period.ts';
import { testApi, type TestApi } from '../../support/fakes/api.ts';
import { ann } from '../../support/scripted/reports.ts';

const id = '00000000-0000-8000-a000-000000000001';

const view = (facts: Partial<ReportView> = {}): ReportView => ({
  id,
  kind: 'monthly',
  title: 'Monthly Report',
  userId: null,
  period: periodCalendar.range('2026-10-01', '2026-10-31', 'Europe/Berlin'),
  status: 'sent',
  documents: 3,
  fileName: 'monthly-report_2026-10-01_2026-10-31.pdf',
  mediaType: 'application/pdf',
  size: 9,
  createdAt: '2026-11-01T08:00:00.000Z',
  sentAt: '2026-11-01T08:00:02.000Z',
  ...facts,
});

async function withReport(facts: Partial<ReportView> = {}): Promise<TestApi> {
  const api = testApi();
  const file = await api.blobs.put('reports/files', Buffer.from('%PDF-1.7\n'));
  const [png, svg] = [
    await api.blobs.put('reports/charts', Buffer.from('png')),
    await api.blobs.put('reports/charts', Buffer.from('<svg/>')),
  ];
  api.reports.rows.set(id, {
    view: view(facts),
    file,
    charts: [{ name: 'timeline', title: 'Documents by day', png, svg, width: 720, height: 220 }],
  });
  return api;
}

describe('POST /v1/reports', () => {
  it('REPORT-4 starts the report of a kind and answers with its result', async () => {
    const api = testApi();
    api.client.jobResult = () => Promise.resolve({ workflow_id: 'report-monthly-1' });
    const response = await request(api.app).post('/v1/reports').send({ kind: 'monthly', date: '2026-10-05' });
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ status: 'completed', result: { workflow_id: 'report-monthly-1' } });
    expect(api.client.asked).toEqual([['reports.start', { kind: 'monthly', date: '2026-10-05' }]]);
  });

  it('answers 202 at once when asked to, and while the report is still at work', async () => {
    const api = testApi();
    const at = await request(api.app).post('/v1/reports').set('prefer', 'respond-async').send({ kind: 'daily' });
    expect([at.status, at.headers['location']]).toEqual([202, '/v1/reports']);
    expect(at.body).toMatchObject({ status: 'running' });
    api.client.jobResult = () => Promise.reject(new Unavailable('not yet'));
    expect((await request(api.app).post('/v1/reports').send({ kind: 'daily' })).status).toBe(202);
  });

  it('SEC-3 starts nothing for a user that nobody knows', async () => {
    const api = testApi();
    api.reports.users.push(ann);
    const body = { kind: 'user', start: '2026-10-01', end: '2026-10-31' };
    const unknown = await request(api.app)
      .post('/v1/reports')
      .send({ ...body, userId: 'nobody' });
    expect(unknown.status).toBe(404);
    expect(unknown.body).toMatchObject({
      detail: "userId: expected the id of a known user, got 'nobody'",
      failure: { type: 'UserNotFound' },
    });
    expect(api.client.asked).toEqual([]);
    const known = await request(api.app)
      .post('/v1/reports')
      .set('prefer', 'respond-async')
      .send({ ...body, userId: 'ann' });
    expect(known.status).toBe(202);
  });

  it.each([
    [{ kind: 'yearly' }, 'kind'],
    [{ kind: 'period', start: '2026-10-31', end: '2026-10-01' }, 'end'],
    [{ kind: 'period', start: '2026-02-30', end: '2026-03-01' }, 'start'],
    [{ kind: 'period', end: '2026-03-01' }, 'start'],
    [{ kind: 'daily', date: 'yesterday' }, 'date'],
    [{ kind: 'daily', timeZone: 'Berlin' }, 'timeZone'],
    [{ kind: 'weekly', email: 'a@b.example\r\nBcc: c@d.example' }, 'email'],
    [{ kind: 'user', start: '2026-10-01', end: '2026-10-02' }, 'userId'],
    [{ kind: 'export', start: '2026-10-01', end: '2026-10-02', format: 'csv', email: 'a@b.example' }, 'userId'],
    [
      { kind: 'export', userId: 'ann', start: '2026-10-01', end: '2026-10-02', format: 'docx', email: 'a@b.example' },
      'format',
    ],
  ])('SEC-1 %j names the field %j and starts nothing', async (body, field) => {
    const api = testApi();
    const response = await request(api.app).post('/v1/reports').send(body);
    expect(response.status).toBe(400);
    const { errors } = response.body as { errors: { field: string; expected: string; got: string }[] };
    expect(errors.map((error) => error.field)).toContain(field);
    expect(errors.every(({ expected, got }) => expected !== '' && got !== '')).toBe(true);
    expect(api.client.asked).toEqual([]);
  });
});

describe('GET /v1/reports', () => {
  it('lists and shows reports', async () => {
    const api = await withReport();
    expect((await request(api.app).get('/v1/reports?limit=5')).body).toEqual({ items: [view()], nextCursor: null });
    expect((await request(api.app).get('/v1/reports?userId=ann')).body).toEqual({ items: [], nextCursor: null });
    expect((await request(api.app).get(`/v1/reports/${id}`)).body).toEqual(view());
  });

  it.each(['pdf', 'file'])('gives the %s under its name', async (part) => {
    const api = await withReport();
    const response = await request(api.app).get(`/v1/reports/${id}/${part}`).buffer(true);
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('application/pdf');
    expect(response.headers['content-disposition']).toBe(
      'attachment; filename=monthly-report_2026-10-01_2026-10-31.pdf',
    );
    expect((response.body as Buffer).toString()).toBe('%PDF-1.7\n');
  });

  it('an export has a file, and no PDF', async () => {
    const api = await withReport({ kind: 'export', mediaType: 'text/csv', fileName: 'documents.csv' });
    expect((await request(api.app).get(`/v1/reports/${id}/pdf`)).status).toBe(404);
    expect((await request(api.app).get(`/v1/reports/${id}/file`)).headers['content-type']).toContain('text/csv');
  });

  it('REPORT-8 gives charts as PNG and SVG', async () => {
    const api = await withReport();
    expect((await request(api.app).get(`/v1/reports/${id}/charts/timeline`)).headers['content-type']).toBe('image/png');
    const svg = await request(api.app).get(`/v1/reports/${id}/charts/timeline?format=svg`).buffer(true);
    expect(svg.headers['content-type']).toContain('image/svg+xml');
    expect(svg.headers['content-disposition']).toContain('attachment');
    expect((await request(api.app).get(`/v1/reports/${id}/charts/outcomes`)).status).toBe(404);
  });

  it.each(['', '/pdf', '/file', '/charts/timeline'])('GET /v1/reports/{unknown}%s is not found', async (path) => {
    const response = await request(testApi().app).get(`/v1/reports/${id}${path}`);
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ failure: { type: 'ReportNotFound' } });
  });

  it('needs the key', async () => {
    const api = testApi({ key: 'a-key-of-sixteen-characters' });
    expect((await request(api.app).get('/v1/reports')).status).toBe(401);
    expect((await request(api.app).post('/v1/reports').send({ kind: 'daily' })).status).toBe(401);
  });
});
