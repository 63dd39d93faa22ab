/** Every task of the catalogue as a typed call, for workflows that are written by hand. */
import { tasksByDomain, type TasksByDomain } from '../../contracts/catalogue.ts';
import type { InputOf, OutputOf, TaskDefinition } from '../../contracts/tasks/definition.ts';
import { Call } from './composition.ts';
import { type CallOverrides, proxyTask } from './proxies.ts';
import { unmarkedOutput } from '../../contracts/values/sealed.ts';
import { parkMsOfMemo } from '../parked/place.ts';
import { finalResult } from './final-result.ts';

/** How a workflow calls one task; nothing is sent before the call is awaited. */
type TaskFunction<Definition> = (input: InputOf<Definition>, overrides?: CallOverrides) => Call<OutputOf<Definition>>;

type DomainFunctions<Table> = { readonly [T in keyof Table]: TaskFunction<Table[T]> };

type Tasks = { readonly [Domain in keyof TasksByDomain]: DomainFunctions<TasksByDomain[Domain]> };

/**
 * The tasks by domain: `await tasks.documents.readDocument({ … })`. Queue, retries
 * and time limits are those of the task's row unless the call says otherwise.
 * Compose them with `chain`, `group` and `chord` of `composition.ts`.
 */
export const tasks: Tasks = mapValues(tasksByDomain, (table) =>
  mapValues(table as Readonly<Record<string, TaskDefinition<string, unknown, unknown>>>, functionOf),
) as Tasks; // The compiler cannot follow a mapping by name; each function is made from the row whose types it has.

function functionOf(definition: TaskDefinition<string, unknown, unknown>): TaskFunction<typeof definition> {
  return (input, overrides) => callOf(definition, input, overrides);
}

/** Makes the call of a task; nothing is sent before it is awaited. */
export function callOf(
  definition: TaskDefinition<string, unknown, unknown>,
  input: unknown,
  overrides?: CallOverrides,
): Call<unknown> {
  // The workflow gets the value alone, as the caller of the task would.
  const call = async (): Promise<unknown> => unmarkedOutput(await proxyTask(definition, overrides)(input));
  if (definition.composes !== true) return new Call(call);
  return new Call(async () =>
    finalResult(definition, await call(), { tenant: overrides?.tenant, parkMs: parkMsOfMemo() }),
  );
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Readonly<Record<string, Mapped>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
