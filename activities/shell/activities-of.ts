/** Builds the activities of a domain from its rows: each body wrapped by the shell, under the name of its task. */
import type { InputOf, OutputOf, SchemasOf, TaskDefinition, TaskSchemas } from '../../contracts/tasks/definition.ts';
import type { Activities } from './activity.ts';
import { shell, type ShellOptions } from './shell.ts';
import type { TaskBody } from './task-body.ts';

type Row = TaskDefinition<string, unknown, unknown>;

/** A body for each row, under its key. */
export type BodiesOf<Rows> = { readonly [Key in keyof Rows]: TaskBody<InputOf<Rows[Key]>, OutputOf<Rows[Key]>> };

/** Forbids keys without a row, which the compiler otherwise accepts in what a function returns. */
type NoOther<Bodies, Rows> = { readonly [Key in Exclude<keyof Bodies, keyof Rows>]: never };

/**
 * Binds the rows of a domain to their schemas and bodies. A row without schemas or without a body, a body without a
 * row, and a body of another type do not compile.
 *
 * @param schemas - by the names of the tasks
 * @param createBodies - gives the bodies, by the keys of the rows, over what they may use; each may run twice
 * @returns the factory that a worker calls with its adapters
 *
 * @example
 * ```ts
 * export const createShopActivities = activitiesOf(shopTasks, shopTaskSchemas, (ports: ShopPorts) => ({
 *   shipOrder: ({ orderId }) => ports.orders.ship(orderId),
 * }));
 * ```
 */
export function activitiesOf<const Rows extends Readonly<Record<string, Row>>, Bodies extends BodiesOf<Rows>, Ports>(
  rows: Rows,
  schemas: SchemasOf<Rows>,
  createBodies: (ports: Ports) => Bodies & NoOther<Bodies, Rows>,
): (ports: Ports, options: ShellOptions) => Activities {
  // `as` is safe: the compiler has matched both with each row, which a mapping by name and key does not preserve.
  const schemasByName = schemas as Readonly<Record<string, TaskSchemas<unknown, unknown>>>;
  return (ports, options) => {
    const bodies = createBodies(ports) as Readonly<Record<string, TaskBody<unknown, unknown>>>;
    return Object.fromEntries(
      Object.entries(rows).map(([key, row]) => {
        const found = { schemas: schemasByName[row.name], body: bodies[key] };
        if (found.schemas === undefined || found.body === undefined)
          throw new TypeError(`${row.name}: expected schemas and a body for the row '${key}', got none`);
        return [row.name, shell(row, found.schemas, found.body, options)];
      }),
    );
  };
}
