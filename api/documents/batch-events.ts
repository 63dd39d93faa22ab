import type { Response } from 'express';
import { requireBatch } from './lookups.ts';
import { HttpError } from '../http/problem.ts';
import { routesWith } from '../http/route.ts';
import { batchParams } from './schemas.ts';
import type { DocumentServices } from './ports.ts';

const defineRoute = routesWith<DocumentServices>();

/** Id of the last event; a browser that reconnects with this id gets 204 and stops. */
const END = 'end';

/** Most event streams at once; each stream queries the Temporal server twice a second. */
const MAX_LISTENERS = 200;
const listeners = new WeakMap<DocumentServices['settings'], number>();

export const batchEvents = defineRoute({
  method: 'get',
  path: '/v1/batches/:id/events',
  summary: 'Server-sent events: `progress` whenever it changes, then one `end`',
  params: batchParams,
  answers: {
    200: { description: 'A stream of events', mediaType: 'text/event-stream' },
    204: { description: 'Last-Event-ID says that the end was seen' },
  },
  errors: [404],
  async handle({ services, params, request, response, signal }) {
    if (request.get('last-event-id') === END) {
      response.status(204).end();
      return;
    }
    const id = await requireBatch(services, params.id);
    const open = listeners.get(services.settings) ?? 0;
    if (open >= MAX_LISTENERS) throw new HttpError(503, 'Too many listeners at once.', { 'retry-after': '10' });
    listeners.set(services.settings, open + 1);
    try {
      await stream(services, id, response, signal, firstEventId(request.get('last-event-id')));
    } finally {
      listeners.set(services.settings, (listeners.get(services.settings) ?? 1) - 1);
    }
  },
});

/** Continues the numbering after a reconnect. No event is repeated, because progress is a state and not a log. */
function firstEventId(last: string | undefined): number {
  return last !== undefined && /^\d{1,9}$/.test(last) ? Number(last) + 1 : 1;
}

async function stream(
  services: DocumentServices,
  id: string,
  response: Response,
  signal: AbortSignal,
  first: number,
): Promise<void> {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // This header stops nginx from buffering the events.
    'x-accel-buffering': 'no',
  });
  response.write('retry: 3000\n\n');
  const heartbeat = setInterval(() => response.write(': still here\n\n'), services.settings.heartbeatMs ?? 15_000);
  try {
    await sendEvents(services, id, response, signal, first);
  } catch (error) {
    // The answer has begun, so the error is sent as an event; the browser reconnects by itself.
    services.logger.warn({ err: error, batch: id }, 'The event stream of a batch ended early.');
    response.write('event: interrupted\ndata: {}\n\n');
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

async function sendEvents(
  services: DocumentServices,
  id: string,
  response: Response,
  signal: AbortSignal,
  first: number,
): Promise<void> {
  const batch = services.client.documents.getBatch(id);
  let event = first;
  for await (const progress of batch.follow({ intervalMs: services.settings.eventIntervalMs ?? 500, signal })) {
    response.write(`id: ${event}\nevent: progress\ndata: ${JSON.stringify(progress)}\n\n`);
    event += 1;
  }
  if (signal.aborted) return;
  response.write(`id: ${END}\nevent: end\ndata: ${JSON.stringify({ status: await batch.status() })}\n\n`);
}
