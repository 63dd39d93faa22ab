/** What a caller can do with Perennial. The API and the CLI know only these types, so tests can put a fake in their place. */
import type { TaskInput, TaskName, TaskOutput } from '../contracts/catalogue.ts';
import type * as domains from './domains.ts';
import type { TaskCaller } from './tasks/types.ts';

type Domains = typeof domains;

/** The jobs of every domain, by its word. */
export type DomainJobs = { readonly [D in keyof Domains]: ReturnType<Domains[D]> };

/**
 * A connection to Perennial: the jobs of every domain, and what concerns the connection as a whole.
 *
 * @example
 * ```ts
 * const handle = await perennial.task('samples.add').call({ a: 1, b: 2 }, { priority: 9 });
 * console.log(await handle.result(), await perennial.countWorkers());
 * ```
 */
export interface PerennialClient extends DomainJobs {
  /** One task of the catalogue, typed by its name. @throws PerennialError `UnknownTask` */
  task<N extends TaskName>(name: N): TaskCaller<TaskInput<N>, TaskOutput<N>>;
  /** Succeeds when the Temporal server answers. @throws Unavailable */
  ping(): Promise<void>;
  /** Worker processes that are polling; 0 as soon as one of the queues has none, because jobs would then stand still. */
  countWorkers(): Promise<number>;
  close(): Promise<void>;
}
