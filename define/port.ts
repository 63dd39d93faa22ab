/** Ports: what bodies of tasks use of the world, such as a database of the application. */
import type { Table, ValuesOf } from '../config/entries.ts';

/** Marks what {@link definePort} makes; the number rises when ports made before can no longer be used. */
export const PORT_KIND = 'perennial.port/1';

/** What {@link definePort} is told. */
export interface PortOptions<Settings extends Table, Port> {
  /** Name by which faults and `perennial check` name it, for example `shop.stock`. */
  readonly name: string;
  /** Environment variables that it is made from, each of `setting`. @defaultValue none */
  readonly settings?: Settings | undefined;
  /**
   * Makes the port, once for each process that needs it and only then. What it throws fails the attempt that needs the
   * port, and the next attempt tries anew.
   */
  readonly open: (settings: ValuesOf<Settings>) => Port | Promise<Port>;
  /** Releases what the port holds, when the process stops. @defaultValue nothing to release */
  readonly close?: ((port: Port) => void | Promise<void>) | undefined;
}

/** A port, which tasks name under `ports`. */
export interface DefinedPort<Port> {
  readonly kind: typeof PORT_KIND;
  readonly name: string;
  readonly settings: Table;
  open(settings: object): Promise<Port>;
  close(port: Port): Promise<void>;
}

/** A port whose type is unknown. */
export type AnyPort = DefinedPort<unknown>;

/** Ports by the names that a body uses. */
export type PortTable = Readonly<Record<string, AnyPort>>;

/** What a body receives for its ports. */
export type OpenPorts<Ports> = {
  readonly [Name in keyof Ports]: Ports[Name] extends DefinedPort<infer Port> ? Port : never;
};

/**
 * Defines a port. Tasks that name it get what `open` returns; a test gives them something else.
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { definePort, defineTask, setting } from './define/index.ts';
 *
 * const stock = definePort({
 *   name: 'shop.stock',
 *   settings: { url: setting.required('STOCK_URL', { doc: 'Service that knows what is in stock.' }) },
 *   open: ({ url }) => ({ left: async (sku: string) => Number(await (await fetch(`${url}/${sku}`)).text()) }),
 * });
 *
 * export const countStock = defineTask(
 *   { name: 'shop.countStock', input: z.object({ sku: z.string() }), output: z.number(), ports: { stock } },
 *   ({ sku }, _context, { stock }) => stock.left(sku),
 * );
 * ```
 */
export function definePort<const Settings extends Table, Port>({
  name,
  settings,
  open,
  close,
}: PortOptions<Settings, Port>): DefinedPort<Port> {
  return {
    kind: PORT_KIND,
    name,
    settings: settings ?? {},
    // `as` is safe: the values were read with the table of this port.
    open: async (values) => await open(values as ValuesOf<Settings>),
    close: async (port) => {
      await close?.(port);
    },
  };
}

/** Tells whether a value is a port of {@link definePort} that this version can use. */
export function isPort(value: unknown): value is AnyPort {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === PORT_KIND;
}
