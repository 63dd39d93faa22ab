import { type Bound, readHeader, type Header } from './arguments.ts';
import { replacingTasks } from './replacing.ts';
import { retryingTasks } from './retrying.ts';
import { compactJson, listOf, numberOf, numeric, plus, sumOf, textOf } from './values.ts';
import { type Request, TaskError } from './world.ts';
import { isRecord } from '../canvas/signature/json.ts';

/** The body of a neutral task. */
export type Body = (bound: Bound, request: Request) => unknown;

/** A neutral task: its parameters and what it does. */
export interface NeutralTask {
  readonly header: Header;
  readonly body: Body;
}

const EXPECTED = 'ExpectedException';

const computing: Readonly<Record<string, Body>> = {
  'identity(x)': ({ x }) => x,
  'add(x, y, z=null)': ({ x, y, z }) => (truthy(z) ? plus(plus(x, y), z) : plus(x, y)),
  'sub(x, y)': ({ x, y }) => numeric('-', x, y),
  'mul(x, y)': ({ x, y }) => numeric('*', x, y),
  'tsum(nums)': ({ nums }) => sumOf(nums),
  'xsum(nums)': ({ nums }) => sumOf(nums, true),
  'join(items, sep=",")': ({ items, sep }) => listOf(items).map(textOf).join(textOf(sep)),
  'length(x)': ({ x }) => (typeof x === 'string' ? Array.from(x).length : listOf(x).length),
  'repeat(s, n)': ({ s, n }) => textOf(s).repeat(numberOf(n)),
  'noop(*args, **kwargs)': () => null,
  'echo(*args, **kwargs)': ({ args, kwargs }) => ({ args, kwargs }),
  'wrap(*args, n)': ({ args, n }) => ({ n, a: args }),
};

const waiting: Readonly<Record<string, Body>> = {
  'sleep(ms, value=null)': async ({ ms, value }, { wait }) => {
    await wait(numberOf(ms));
    return value;
  },
  'delayed(value, ms)': async ({ ms, value }, { wait }) => {
    await wait(numberOf(ms));
    return value;
  },
  'delayed_sum(numbers, ms=0)': async ({ numbers, ms }, { wait }) => {
    await wait(numberOf(ms));
    return sumOf(numbers);
  },
  'delayed_sum_guard(numbers, ms=0)': async ({ numbers, ms }, { wait }) => {
    try {
      await wait(numberOf(ms));
    } catch (error) {
      if (error instanceof TaskError && error.type === 'SoftTimeLimitExceeded') return 0;
      throw error;
    }
    return sumOf(numbers);
  },
  'busy_sleep(ms)': async ({ ms }, { wait }) => {
    await wait(numberOf(ms));
    return 'finished';
  },
};

const logging: Readonly<Record<string, Body>> = {
  'append_to_log(key, value)': ({ key, value }, { log }) => {
    log(key, value);
    return value;
  },
  'log_result(result, *, key)': ({ key, result }, { log }) => {
    log(key, result);
    return result;
  },
  'log_args(*args, key, **kwargs)': ({ key, args, kwargs }, { log }) => {
    log(key, { args, kwargs });
    return args;
  },
};

const failing: Readonly<Record<string, Body>> = {
  'fail(*args)': ({ args }) => {
    throw new TaskError(EXPECTED, `Task expected to fail${args.length === 0 ? '' : `: ${compactJson(args)}`}`);
  },
  'raise_typed(*args, exc_type="ValueError", message="boom")': ({ exc_type: type, message }) => {
    throw new TaskError(textOf(type), textOf(message));
  },
  'fail_logged(*args, key, value)': ({ key, value }, { log }) => {
    log(key, value);
    throw new TaskError(EXPECTED, textOf(value));
  },
  'fail_if(x, bad)': ({ x, bad }) => {
    if (compactJson(x) === compactJson(bad)) throw new TaskError(EXPECTED, `bad value: ${textOf(x)}`);
    return x;
  },
};

const errbacks: Readonly<Record<string, Body>> = {
  'errback_old(task_id, *, key)': ({ task_id: id, key }, { log }) => {
    log(key, `old:${textOf(id)}`);
    return id;
  },
  'errback_new(request, exc, traceback, *, key)': ({ request, exc, key }, { log }) => {
    const { id, task } = isRecord(request) ? request : {};
    const { exc_type: type, message } = isRecord(exc) ? exc : {};
    log(key, { id, task, exc_type: type, message });
    return null;
  },
  'errback_broken(request, exc, traceback)': () => {
    throw new TaskError('RuntimeError', 'errback is broken');
  },
};

const looking: Readonly<Record<string, Body>> = {
  'ids(self, i)': ({ i }, { call }) => [call.rootId, call.parentId, i],
  'my_id(self, *args, **kwargs)': (_bound, { call }) => call.id,
  'group_info(self, *args, **kwargs)': (_bound, { call }) => ({
    has_group: call.group !== null,
    index: call.group?.index ?? null,
  }),
  'return_priority(self, *args, **kwargs)': (_bound, { call }) => `Priority: ${call.options.priority ?? 0}`,
  'get_stamps(self, *args, **kwargs)': (_bound, request) => stampsOf(request),
  'log_stamps(self, *args, key, label)': ({ key, label, args }, request) => {
    request.log(key, { label, ...stampsOf(request) });
    return args[0] ?? null;
  },
  'get_header(self, *args, name)': ({ name }, { call }) => call.options.headers?.[textOf(name)] ?? null,
};

function stampsOf({ call: { options } }: Request): object {
  const names = [...(options.stamped_headers ?? [])].sort();
  return { stamps: Object.fromEntries(names.map((name) => [name, options[name] ?? null])), stamped_headers: names };
}

/** Tells whether Python treats a value as true. */
function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isRecord(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

const bodies = {
  ...computing,
  ...waiting,
  ...logging,
  ...failing,
  ...errbacks,
  ...looking,
  ...retryingTasks,
  ...replacingTasks,
};

/** All neutral tasks, by name. */
export const neutralTasks: ReadonlyMap<string, NeutralTask> = new Map(
  Object.entries(bodies).map(([text, body]) => {
    const header = readHeader(text);
    return [header.name, { header, body }];
  }),
);
