import type { Bound } from './arguments.ts';
import { numberOf, plus, textOf } from './values.ts';
import { type Request, Signal, TaskError } from './world.ts';
import type { CallReply } from '../canvas/model/request.ts';

type Retry = Extract<CallReply, { readonly kind: 'retry' }>;

/** Delay of a retry in seconds: short enough for a test, long enough to be observed. */
const SOON = 0.05;

function retry(reply: Partial<Omit<Retry, 'kind'>>): Signal {
  return new Signal({ kind: 'retry', countdown: SOON, maxRetries: 3, ...reply });
}

const gaveUp = { type: 'ExpectedException', message: 'gave up' };

/** Bodies of the tasks that retry, by name. */
export const retryingTasks: Readonly<Record<string, (bound: Bound, request: Request) => unknown>> = {
  'retry_once(self, *args, countdown=0.1)': ({ countdown }, { call }) => {
    if (call.retries === 0) throw retry({ countdown: numberOf(countdown), maxRetries: 1 });
    return call.retries;
  },
  'retry_n(self, value, times, countdown=0.05)': ({ value, times, countdown }, { call }) => {
    if (call.retries < numberOf(times)) throw retry({ countdown: numberOf(countdown), maxRetries: null });
    return { value, retries: call.retries };
  },
  'retry_forever(self, *args, max_retries=2, countdown=0.05, key=null)': (bound, { call, log }) => {
    if (bound['key'] !== null) log(bound['key'], `attempt ${call.retries}`);
    const { max_retries: most, countdown } = bound;
    throw retry({ countdown: numberOf(countdown), maxRetries: numberOf(most), failure: gaveUp });
  },
  'retry_no_exc(self, *args, max_retries=1)': ({ max_retries: most }) => {
    throw retry({ maxRetries: numberOf(most) });
  },
  'retry_args(self, x)': ({ x }, { call }) => {
    if (call.retries === 0) throw retry({ args: [plus(x, 1)], kwargs: {} });
    return x;
  },
  'retry_priority(self, *args, **kwargs)': (_bound, { call }) => {
    if (call.retries === 0) throw retry({ maxRetries: 1 });
    return call.options.priority ?? 0;
  },
  'retry_header(self, *args, name)': ({ name }, { call }) => {
    if (call.retries === 0) throw retry({ maxRetries: 1 });
    return call.options.headers?.[textOf(name)] ?? null;
  },
  'autoretry(self, *args, fail_times=1, exc_type="ValueError", key=null)': (bound, { call, log }) => {
    const { fail_times: times, exc_type: type, key } = bound;
    if (key !== null) log(key, `attempt ${call.retries}`);
    if (call.retries >= numberOf(times)) return call.retries;
    const failure = { type: textOf(type), message: `attempt ${call.retries}` };
    if (type !== 'ValueError') throw new TaskError(failure.type, failure.message);
    throw retry({ failure });
  },
};
