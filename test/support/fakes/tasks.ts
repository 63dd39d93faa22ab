/** Tasks and queues of a client as a script in memory. */
import {
  NotFound,
  type PerennialClient,
  type QueueView,
  type TaskHandle,
  type TaskInfo,
} from '../../../client/index.ts';

export interface FakeTasks {
  /** What `status` says, by task id; other ids are not found. */
  readonly infos: Map<string, TaskInfo>;
  /** Thrown by the next calls that start or change something. */
  refusal: Error | undefined;
}

export function taskInfo(facts: Partial<TaskInfo> = {}): TaskInfo {
  return {
    task_id: 't1',
    task_name: 'samples.add',
    state: 'SUCCESS',
    result: 3,
    traceback: null,
    info: 3,
    tenant: null,
    ready: true,
    successful: true,
    failed: false,
    ...facts,
  };
}

export function queueView(facts: Partial<QueueView> = {}): QueueView {
  return {
    name: 'documents.default',
    source: 'ocr-backend.default',
    priority: 5,
    state: 'running',
    reason: null,
    by: null,
    since: null,
    rate: null,
    rateReason: null,
    rateBy: null,
    backlog: 0,
    workers: 1,
    ...facts,
  };
}

export function fakeTasks(
  log: (...call: unknown[]) => void,
): Pick<PerennialClient, 'task' | 'tasks' | 'queues'> & { readonly scripted: FakeTasks } {
  const scripted: FakeTasks = { infos: new Map(), refusal: undefined };
  const answer = <T>(value: T): Promise<T> =>
    scripted.refusal === undefined ? Promise.resolve(value) : Promise.reject(scripted.refusal);
  const find = (id: string): TaskInfo => {
    const info = scripted.infos.get(id);
    if (info === undefined) throw new NotFound(id);
    return info;
  };
  const handle = <R>(id: string): TaskHandle<R> => ({
    id,
    // The test says what the task gives.
    result: async () => (await answer(find(id))).result as R,
    status: async () => answer(find(id)),
    revoke: async (options) => {
      log('revoke', id, options);
      return answer({ status: 'revoked', task_id: find(id).task_id, terminated: options?.terminate === true });
    },
  });
  const changed = (what: string, state: QueueView['state']) => (name: string, change: unknown) => {
    log(what, name, change);
    return answer(queueView({ name, state }));
  };
  return {
    scripted,
    task: (key) => ({
      name: typeof key === 'string' ? key : key.name,
      call: (input, options) => {
        log('task', key, input, options);
        return answer(handle('t1'));
      },
    }),
    tasks: {
      get: handle,
      call: (name, input, options) => {
        log('task', name, input, options);
        return answer(handle('t1'));
      },
      stream: () => ({
        call: (name, input, options) => {
          log('streamed', name, input, options);
          return answer(handle('calls:b1/0'));
        },
        flush: () => Promise.resolve(),
      }),
      execute: (request) => {
        log('execute', request);
        const { task, priority = 5, queue = 'default', region } = request;
        return answer({ id: 't1', task, priority, queue, region: region === undefined ? null : 'eu-west' });
      },
      retry: (id, options) => {
        log('retryTask', id, options);
        return answer(handle(`${find(id).task_id}.retry-1-00000000`));
      },
      list: (filter, options) => {
        log('listTasks', filter, options);
        return answer([
          {
            task_id: 't1',
            task_name: 'samples.add',
            tenant: null,
            state: 'PENDING',
            started_at: '2026-01-01T00:00:00Z',
          },
        ]);
      },
      page: (filter, options) => {
        log('pageOfTasks', filter, options);
        const { cursor } = options;
        const first = { task_id: cursor ?? 't1', task_name: 'samples.add', tenant: null } as const;
        return answer({
          items: [{ ...first, state: 'PENDING', started_at: '2026-01-01T00:00:00Z' }],
          nextCursor: cursor === undefined ? 'more' : null,
        });
      },
      revoke: (filter, options) => {
        log('revokeMatching', filter, options);
        return answer({ status: 'revoked', matched: 2, terminated: options?.terminate === true });
      },
    },
    queues: {
      list: () => answer([queueView()]),
      get: (name) => answer(queueView({ name })),
      pause: changed('pauseQueue', 'paused'),
      resume: changed('resumeQueue', 'running'),
      drain: changed('drainQueue', 'draining'),
      untilEmpty: (name) => {
        log('untilEmpty', name);
        return answer(undefined);
      },
      setRate: (name, rate, change) => {
        log('setRate', name, rate, change);
        return answer(queueView({ name }));
      },
    },
  };
}
