/** What a worker in another language must know: the contracts of its tasks, as data. */
import { z } from 'zod';
import { failures } from '../failures.ts';
import type { FailureClass } from '../failures/rule.ts';
import type { Language } from '../queues/languages.ts';
import type { Rate } from '../queues/rates.ts';
import { allTasks, queueOf, schemasOf } from '../register.schema.ts';
import { sealedNames } from '../sealing.ts';
import type { AnyTask } from '../catalogue.ts';
import type { TimeLimits } from './definition.ts';
import type { RetryRule } from './retry-rules.ts';

/** JSON Schema, draft 2020-12. */
type JsonSchema = Readonly<Record<string, unknown>>;

/** The contract of one task. */
export interface TaskContract {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Names of the input's fields in the order of positional arguments. */
  readonly parameters: readonly string[];
  readonly queue: string;
  readonly retry: Omit<RetryRule, 'reason'>;
  readonly limits: Omit<TimeLimits, 'reason'>;
  /** Whether all that it gives stands sealed in histories. */
  readonly sealOutput: boolean;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

/** Contracts of all tasks of a language, and what its workers need beside them. */
export interface WorkerContract {
  readonly language: Language;
  readonly queues: readonly { readonly queue: string; readonly slots: number | 'cores'; readonly rate?: Rate }[];
  readonly tasks: readonly TaskContract[];
  /** Class of each failure, by its type. */
  readonly failures: Readonly<Record<string, FailureClass>>;
  /** Names of fields that are sealed in histories. */
  readonly sealed: typeof sealedNames;
}

/** Returns the contract for the workers of a language, of the tasks of this process. */
export function workerContract(language: Language): WorkerContract {
  const tasks = allTasks().filter((task) => task.language === language);
  const queues = [...new Set(tasks.map(({ queue }) => queue))].map(queueOf);
  return {
    language,
    queues: queues.map(({ queue, slots, rate }) => ({ queue, slots, ...(rate === undefined ? {} : { rate }) })),
    tasks: tasks.map(contractOf),
    failures: Object.fromEntries(Object.entries(failures).map(([type, rule]) => [type, rule.class])),
    sealed: sealedNames,
  };
}

function contractOf(task: AnyTask): TaskContract {
  const { reason: _reason, ...retry } = task.retry;
  const { softMs, hardMs, heartbeatMs } = task.limits;
  const { input, output } = schemasOf(task);
  return {
    name: task.name,
    aliases: task.aliases ?? [],
    parameters: task.parameters ?? [],
    queue: task.queue,
    retry,
    limits: { softMs, hardMs, heartbeatMs },
    sealOutput: task.sealOutput === true,
    input: z.toJSONSchema(input, { unrepresentable: 'any', io: 'input' }),
    output: z.toJSONSchema(output, { unrepresentable: 'any', io: 'output' }),
  };
}
