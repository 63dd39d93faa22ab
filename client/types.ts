/** The interface of the client. API and CLI depend only on these types, so that tests can pass a fake. */
import type * as domains from './domains.ts';
import type { CanvasStarter } from './canvas/types.ts';
import type {
  CallInput,
  CanvasInput,
  CanvasKey,
  CanvasOutput,
  EmptyTasks,
  CallOutput,
  OwnTasks,
  TaskKey,
} from './tasks/own.ts';
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
export interface PerennialClient<Own extends OwnTasks = EmptyTasks> extends DomainJobs {
  /**
   * Returns a task of the product or of the application, typed by its name or by its definition.
   *
   * @throws PerennialError `UnknownTask`, also for a task of the application that was not passed to `connectPerennial`
   */
  task<const T extends TaskKey<Own>>(task: T): TaskCaller<CallInput<Own, T>, CallOutput<Own, T>>;
  /**
   * Returns a canvas of the application, typed by its name or by its definition.
   *
   * @throws InvalidInput for a name that this process does not know: pass its module to `connectPerennial`
   */
  namedCanvas<const C extends CanvasKey<Own>>(canvas: C): CanvasStarter<CanvasInput<Own, C>, CanvasOutput<Own, C>>;
  /** Checks that the Temporal server answers. @throws Unavailable */
  ping(): Promise<void>;
  /** Counts the polling worker processes; 0 when a queue has none, because its tasks would not run. */
  countWorkers(): Promise<number>;
  close(): Promise<void>;
}
