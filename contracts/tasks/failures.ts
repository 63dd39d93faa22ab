/** Failures of calls, in contrast to failures of the called task. */
import type { FailureRule } from '../failures/rule.ts';

export const callFailures = {
  UnknownTask: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'No task of the catalogue has this name, or it may not be started this way.',
    remedy: 'Compare the name with docs/tasks.md, or with `perennial tasks names`.',
  },
  UnknownQueue: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'No worker serves a queue of this name.',
    remedy: 'Compare the name with docs/queues.md, or with `perennial queues list`.',
  },
  PayloadTooLarge: {
    class: 'permanent',
    httpStatus: 413,
    cause: 'The arguments are larger than a call may carry.',
    remedy: 'Store the content as a blob and pass its reference.',
  },
  ResidencyViolation: {
    class: 'permanent',
    httpStatus: 400,
    cause: 'The data of this task must stay in one region, and the call named another.',
    remedy: 'Leave the region out, or name the one that the message says.',
  },
  EffectKeyReused: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'A task asked to do something once, under a key under which something else was done.',
    remedy: 'Give each effect a key of its own; `kind` and `content` must be the same whenever the key is.',
  },
  QueueDraining: {
    class: 'configuration',
    httpStatus: 409,
    cause: 'The queue takes no new calls: an operator is draining it.',
    remedy: 'Call again when it is open, or name another queue. `perennial queues list` says who drained it and why.',
  },
  TaskExpired: {
    class: 'permanent',
    cause: 'No worker began the task before it expired.',
    remedy: 'Call it again if it is still wanted; start more workers, or allow more time, if it repeats.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
