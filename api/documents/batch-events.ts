import { EVENT_ANSWERS, sendStates } from '../http/event-stream.ts';
import { routesWith } from '../http/route.ts';
import { requireBatch } from './lookups.ts';
import type { DocumentServices } from './ports.ts';
import { batchParams } from './schemas.ts';

const defineRoute = routesWith<DocumentServices>();

export const batchEvents = defineRoute({
  name: 'watchBatch',
  method: 'get',
  path: '/v1/batches/:id/events',
  summary: 'Server-sent events: `progress` whenever it changes, then one `end`',
  params: batchParams,
  answers: EVENT_ANSWERS,
  errors: [404, 429],
  async handle({ services, params, request, response, signal }) {
    const batch = services.client.documents.getBatch(params.id);
    await sendStates(
      { services, request, response, signal },
      {
        event: 'progress',
        require: () => requireBatch(services, params.id),
        states: (until, intervalMs) => batch.follow({ intervalMs, signal: until }),
        end: async () => ({ status: await batch.status() }),
      },
    );
  },
});
