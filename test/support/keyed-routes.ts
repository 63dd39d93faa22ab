/** Every POST that changes something, with two contents that it accepts. */
import request, { type Response } from 'supertest';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { KeptAnswers } from '../../services/answers/port.ts';
import { documentId, testApi, type TestApi } from './fakes/api.ts';
import { progress } from './fakes/client.ts';
import { view } from './fakes/schedules.ts';
import { taskInfo } from './fakes/tasks.ts';

/** Two contents for a route; `undefined` stands for no body, whose other content is another address. */
type Contents = readonly [first: object | undefined, second: object | undefined];
const note = [{ note: 'a' }, { note: 'b' }] as const;
const why = [{ reason: 'a' }, { reason: 'b' }] as const;
const none = [undefined, undefined] as const;
const external = { task: 'samples.add', args: [1, 2] };
const token = [
  { to: 'a@example.com', token: 'one' },
  { to: 'a@example.com', token: 'two' },
] as const;
const bulk = { subject: 's', body: 'b' };
const day = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };

/** Every route on which a key counts. A route that is missing here fails the first test. */
export const CONTENTS: Readonly<Record<string, Contents>> = {
  '/v1/ai/completions': [{ prompt: 'one' }, { prompt: 'two' }],
  '/v1/ai/embeddings': [
    { collection: 'c', texts: [{ id: '1', text: 'one' }] },
    { collection: 'c', texts: [{ id: '1', text: 'two' }] },
  ],
  '/v1/ai/search': [
    { collection: 'c', query: 'one' },
    { collection: 'c', query: 'two' },
  ],
  '/v1/breakers/:key/open': why,
  '/v1/breakers/:key/close': why,
  '/v1/canvas': [{ canvas: external }, { canvas: { ...external, args: [1, 3] } }],
  '/v1/canvases/:name': [{ input: { a: 1 } }, { input: { a: 2 } }],
  '/v1/canvas/:id/cancel': none,
  '/v1/canvas/:id/revoke': [{ path: 'root' }, { path: 'root/1' }],
  '/v1/canvas/:id/retry': none,
  '/v1/canvas/:id/approvals/:path': [
    { decision: 'approve', by: 'ann' },
    { decision: 'reject', by: 'ann' },
  ],
  '/v1/dlq/redrives': [{ filter: {} }, { filter: { task: 'email.send' } }],
  '/v1/dlq/redrives/dry-run': [{ filter: {} }, { filter: { task: 'email.send' } }],
  '/v1/dlq/redrives/:id/pause': [{ by: 'ann' }, { by: 'bob' }],
  '/v1/dlq/redrives/:id/resume': [{ by: 'ann' }, { by: 'bob' }],
  '/v1/dlq/redrives/:id/abort': [{ by: 'ann' }, { by: 'bob' }],
  '/v1/dlq/:id/requeue': why,
  '/v1/dlq/:id/resolve': why,
  '/v1/dlq/:id/discard': why,
  '/v1/parked/:id/retry': why,
  '/v1/parked/:id/skip': [{ value: 1 }, { value: 2 }],
  '/v1/parked/:id/abort': why,
  '/v1/media': [{ file: 'one' }, { file: 'two' }],
  '/v1/media/videos': [{ file: 'one' }, { file: 'two' }],
  '/v1/messages': [
    { to: '+4915112345678', body: 'one' },
    { to: '+4915112345678', body: 'two' },
  ],
  '/v1/data/files': [{ file: 'one' }, { file: 'two' }],
  '/v1/data/files/:id/cleanings': [{ fixes: ['trim:1'] }, { fixes: ['trim:2'] }],
  '/v1/data/files/:id/undo': [{ cleaningId: 'k1' }, { cleaningId: 'k2' }],
  '/v1/data/files/:id/exports': [{ format: 'csv' }, { format: 'jsonl' }],
  '/v1/documents': [{ file: 'one' }, { file: 'two' }],
  '/v1/documents/ocr': [{ documentIds: [documentId(1)] }, { documentIds: [documentId(2)] }],
  '/v1/documents/:id/ocr': [{ forceOcr: true }, { forceOcr: false }],
  '/v1/documents/:id/invoice': none,
  '/v1/batches': [{ paths: ['/a'] }, { paths: ['/b'] }],
  '/v1/batches/:id/cancel': none,
  '/v1/batches/:id/pause': none,
  '/v1/batches/:id/resume': none,
  '/v1/emails': [
    { to: 'a@example.com', subject: 's', body: 'one' },
    { to: 'a@example.com', subject: 's', body: 'two' },
  ],
  '/v1/emails/verification': token,
  '/v1/emails/password-reset': token,
  '/v1/emails/onboarding': [
    { userId: 'u1', email: 'a@example.com' },
    { userId: 'u1', email: 'b@example.com' },
  ],
  '/v1/emails/bulk': [
    { ...bulk, recipients: ['a@example.com'] },
    { ...bulk, recipients: ['b@example.com'] },
  ],
  '/v1/emails/bulk/:id/cancel': none,
  '/v1/housekeeping/:task': [{ dryRun: true }, { dryRun: false }],
  '/v1/imports': [{ source: { path: '/a.csv' } }, { source: { path: '/b.csv' } }],
  '/v1/imports/upload': [{ file: 'one' }, { file: 'two' }],
  '/v1/imports/:id/cancel': none,
  '/v1/queues/:name/pause': why,
  '/v1/queues/:name/resume': why,
  '/v1/queues/:name/drain': why,
  '/v1/queues/:name/rate': [
    { reason: 'a', rate: { count: 1, perMs: 1_000 } },
    { reason: 'a', rate: { count: 2, perMs: 1_000 } },
  ],
  '/v1/reports': [{ kind: 'daily' }, { kind: 'weekly' }],
  '/v1/schedules': [
    { id: 'nightly', timing: { cron: '0 2 * * *' }, target: { task: 'documents.extractInvoice' } },
    { id: 'nightly', timing: { cron: '0 3 * * *' }, target: { task: 'documents.extractInvoice' } },
  ],
  '/v1/schedules/sync': [{ dryRun: true }, { dryRun: false }],
  '/v1/schedules/user-reports': [{ userId: 'u1' }, { userId: 'u2' }],
  '/v1/schedules/:id/pause': note,
  '/v1/schedules/:id/unpause': note,
  '/v1/schedules/:id/trigger': none,
  '/v1/schedules/:id/backfill': [
    { ...day, dryRun: true },
    { ...day, dryRun: false },
  ],
  '/v1/tasks': [external, { ...external, args: [1, 3] }],
  '/v1/tasks/execute': [
    { task_name: 'samples.add', args: [1] },
    { task_name: 'samples.add', args: [2] },
  ],
  '/v1/tasks/execute-regional': [
    { task_name: 'samples.add', region: 'us-east' },
    { task_name: 'samples.add', region: 'us-west' },
  ],
  '/v1/tasks/revoke': [{ tag: 'a' }, { tag: 'b' }],
  '/v1/tasks/:id/revoke': [{ terminate: true }, { terminate: false }],
  '/v1/tasks/:id/retry': [{ input: 1 }, { input: 2 }],
};

/** Parts of addresses, in two forms each. */
const PARTS: Readonly<Record<string, readonly [string, string]>> = {
  '/v1/canvas': ['c1', 'c2'],
  '/v1/documents': [documentId(1), documentId(2)],
  '/v1/schedules': ['nightly', 'daily'],
  '/v1/tasks': ['t1', 't2'],
  '/v1/housekeeping': ['checkHealth', 'checkDiskSpace'],
};

/** What routes need in their addresses. */
const queryOf = (path: string): string => (path.startsWith('/v1/data/files') ? '?userId=u1' : '');

function addressOf(path: string, second = false): string {
  const [ours = ['b1', 'b2']] = Object.entries(PARTS).flatMap(([start, parts]) =>
    path.startsWith(start) ? [parts] : [],
  );
  const address = path.replace(/:(id|key|name|task)\b/, ours[second ? 1 : 0]).replace(':path', 'root%2F1');
  return address + queryOf(path);
}

/** An API over fakes in which every one of these requests succeeds. */
export function keyedWorld(answers: KeptAnswers, settings: Parameters<typeof testApi>[0] = {}): TestApi {
  const dataFiles = {
    get: ({ fileId }: { readonly fileId: string }) =>
      Promise.resolve({ fileId, original: {} as BlobRef, profiled: undefined, createdAt: new Date() }),
  };
  const api = testApi(settings, {}, { answers, dataFiles });
  for (const n of [1, 2]) api.documents.putCompleted(documentId(n), []);
  api.client.jobResult = () => Promise.resolve({ status: 'done' });
  for (const id of ['t1', 't2']) api.client.scripted.infos.set(id, taskInfo({ task_id: id }));
  for (const id of ['nightly', 'daily']) api.client.schedules.views.set(id, view({ id }));
  for (const id of ['import-b1', 'import-b2']) api.client.imports.started.add(id);
  for (const id of ['batch-ocr-b1', 'batch-ocr-b2'])
    api.client.batches.set(id, { status: 'running', steps: [progress()] });
  return api;
}

let serial = 0;

/** A key that nobody has used. */
export const freshKey = () => `order ${(serial += 1)} / ${Date.now()}`;

/** A request of one of the routes, with a key. */
export interface Sent {
  readonly path: string;
  readonly idempotencyKey: string;
  readonly second?: boolean;
  readonly shown?: string;
}

/** Sends the first or the second content of a route. */
export async function send(api: TestApi, { path, idempotencyKey, second = false, shown }: Sent): Promise<Response> {
  const contents = CONTENTS[path] ?? none;
  const body = contents[second ? 1 : 0];
  const call = request(api.app)
    .post(addressOf(path, second && body === undefined))
    .set('Idempotency-Key', idempotencyKey);
  if (shown !== undefined) void call.set('authorization', `Bearer ${shown}`);
  if (body !== undefined && 'file' in body) return call.attach('files', Buffer.from(String(body.file)), 'a.csv');
  return body === undefined ? call : call.send(body);
}
