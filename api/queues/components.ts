/** Names and examples of the shapes of queues in the OpenAPI document. */
import { rateSchema } from '../../contracts/limits/schema.ts';
import { component, type Components } from '../http/components.ts';
import { queueChangeBody, queueRateBody, queueSchema } from './schemas.ts';

export const queueComponents: Components = {
  Queue: component(queueSchema, {
    name: 'documents.ocr',
    source: 'ocr',
    priority: 5,
    state: 'running',
    reason: null,
    by: null,
    since: null,
    rate: null,
    rateReason: null,
    rateBy: null,
    backlog: 120,
    workers: 2,
  }),
  QueueState: component(queueSchema.shape.state),
  ChangeOfQueue: component(queueChangeBody, { reason: 'The scanner is being replaced.', by: 'ada' }),
  RateOfQueue: component(queueRateBody, { rate: { count: 10, perMs: 60_000 }, reason: 'The provider is slow.' }),
  Rate: component(rateSchema, { count: 10, perMs: 60_000 }),
};
