/** Tasks of an application as typed calls, for its workflows. */
import type { Data } from '../../canvas/build/typed.ts';
import type { InputOf, OutputOf } from '../../contracts/tasks/definition.ts';
import { invalidInput } from '../failures.ts';
import { findTask } from './catalogue.ts';
import type { Call } from './composition.ts';
import type { CallOverrides } from './proxies.ts';
import { callOf } from './tasks.ts';

type Rows<Own> = Extract<Own[keyof Own], { readonly name: string; readonly types?: readonly [unknown, unknown] }>;
type Row<Own, Name> = Extract<Rows<Own>, { readonly name: Name }>;

/** Calls a task by its name; nothing is sent before the call is awaited. */
export type CallByName<Own> = <const Name extends Rows<Own>['name']>(
  name: Name,
  input: Data<InputOf<Row<Own, Name>>>,
  overrides?: CallOverrides,
) => Call<OutputOf<Row<Own, Name>>>;

/**
 * Returns a function that calls tasks of the application. Its types come from the modules that define them, which are
 * imported as types alone, because the sandbox loads no bodies.
 *
 * @example
 * ```ts
 * import type * as texts from '../tasks/texts.ts';
 *
 * const call = proxyTasks<typeof texts>();
 *
 * export async function countBoth(one: string, two: string): Promise<number> {
 *   const counts = await group([one, two].map((text) => call('text.countWords', { text })));
 *   return counts.reduce((sum, { words }) => sum + words, 0);
 * }
 * ```
 */
export function proxyTasks<Own>(): CallByName<Own> {
  return (name, input, overrides) => {
    const task = findTask(name);
    if (task === undefined) throw invalidInput(`expected a task of the product or of this application, got '${name}'`);
    // The types of the caller are those of the row that has this name.
    return callOf(task, input, overrides) as never;
  };
}
