/** The interface of the client. API and CLI depend only on these types, so that tests can pass a fake. */
import type { TaskInput, TaskName, TaskOutput } from '../contracts/catalogue.ts';
import type * as domains from './domains.ts';
import type { TaskCaller } from './tasks/types.ts';

type Domains = typeof domains;

/** The jobs of every domain, by its name. */
export type DomainJobs = { readonly [D in keyof Domains]: ReturnType<Domains[D]> };

/**
 * A connection to Perennial with the jobs of every domain.
 *
 * @example
 * ```ts
 * const handle = await perennial.task('samples.add').call({ a: 1, b: 2 }, { priority: 9 });
 * console.log(await handle.result(), await perennial.countWorkers());
 * ```
 */
export interface PerennialClient extends DomainJobs {
  /** Returns a task of the catalogue, typed by its name. @throws PerennialError `UnknownTask` */
  task<N extends TaskName>(name: N): TaskCaller<TaskInput<N>, TaskOutput<N>>;
  /** Checks that the Temporal server answers. @throws Unavailable */
  ping(): Promise<void>;
  /** Counts the polling worker processes; 0 when a queue has none, because its tasks would not run. */
  countWorkers(): Promise<number>;
  close(): Promise<void>;
}
