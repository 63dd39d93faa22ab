/** The rows that the limits domain adds to the catalogue of tasks; only workflows call them. */
import type {
  AcquireLimitInput,
  AcquireLimitOutput,
  ReleaseLimitInput,
  ReleaseLimitOutput,
  ReserveLimitInput,
  ReserveLimitOutput,
} from './schema.ts';
import { untilStoreIsBack } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import { taskRow, type TimeLimits } from '../tasks/definition.ts';
import { SECOND_MS } from '../values/units.ts';

const bookkeeping: TimeLimits = {
  softMs: 60 * SECOND_MS,
  hardMs: 90 * SECOND_MS,
  heartbeatMs: 5 * SECOND_MS,
  reason: 'One short transaction; the database may be away for a while.',
};

export const limitTasks = {
  reserve: taskRow<ReserveLimitInput, ReserveLimitOutput>()({
    name: 'limits.reserve',
    queue: queues.system,
    purpose: 'Reserves the next moment at which a rate allows a start.',
    retry: untilStoreIsBack,
    limits: bookkeeping,
    keepOnRedrive: false,
  }),
  acquire: taskRow<AcquireLimitInput, AcquireLimitOutput>()({
    name: 'limits.acquire',
    queue: queues.system,
    purpose: 'Takes one of the places of a concurrency limit, or waits in the queue for one.',
    retry: untilStoreIsBack,
    limits: bookkeeping,
    keepOnRedrive: false,
  }),
  release: taskRow<ReleaseLimitInput, ReleaseLimitOutput>()({
    name: 'limits.release',
    queue: queues.system,
    purpose: 'Gives a place back and wakes the next call that waits for it.',
    retry: untilStoreIsBack,
    limits: bookkeeping,
    keepOnRedrive: false,
  }),
} as const;
