/** Routes of the HTTP API of an application. */
import type { z } from 'zod';
import type { PerennialClient } from '../client/types.ts';
import type { FailureRule } from '../contracts/failures/rule.ts';
import { type DefinedFailures, rowsOf } from './failures.ts';
import type { OpenPorts, PortTable } from './port.ts';
import { type InputOfSchema, type OutputOfSchema, type StandardSchema, toZod } from './standard-schema.ts';

/** Marks what {@link defineRoute} makes; the number rises when routes made before can no longer be used. */
export const ROUTE_KIND = 'perennial.route/1';

/** A request to a route of an application. */
export interface RouteRequest<Body> {
  /** Values of the names in the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Body;
  /** Starts and watches jobs, as the API itself does. */
  readonly client: PerennialClient;
  /** Aborted when the caller has gone, or the process stops. */
  readonly signal: AbortSignal;
}

/** What {@link defineRoute} is told. */
export interface RouteOptions<
  Body extends StandardSchema,
  Answer extends StandardSchema,
  Ports extends PortTable = PortTable,
> {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Path below `/app`, for example `/orders/:id`. */
  readonly path: string;
  /** One line that says what the route is for. */
  readonly summary: string;
  /** Who may call it: whoever has the API key, administrators, or everybody. @defaultValue key */
  readonly access?: 'key' | 'admin' | 'open' | undefined;
  /** Checks the body, which is JSON. @defaultValue no body */
  readonly body?: Body | undefined;
  /** Checks and describes the answer, which is JSON. */
  readonly answer: Answer;
  /** Ports that the handler receives open, by these names. @defaultValue none */
  readonly ports?: Ports | undefined;
  /** Failures of `defineFailures` that the handler throws. @defaultValue none but those of the product and of tasks */
  readonly failures?: readonly DefinedFailures[] | undefined;
}

/** A route that a module of the application exports. */
export interface DefinedRoute extends Omit<
  RouteOptions<StandardSchema, StandardSchema>,
  'body' | 'answer' | 'ports' | 'failures'
> {
  readonly kind: typeof ROUTE_KIND;
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType;
  readonly ports: PortTable;
  readonly failures: Readonly<Record<string, FailureRule>>;
  readonly handle: (request: RouteRequest<unknown>, ports: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/**
 * Defines a route of the HTTP API. It has the guards, the limits, the documentation and the errors of the routes of the
 * product; what its handler throws of `defineFailures` is answered with the status of its row.
 *
 * @throws TypeError `body` or `answer` is no schema
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineRoute } from './define/index.ts';
 *
 * export const orderStatus = defineRoute(
 *   { method: 'get', path: '/orders/:id', summary: 'Where an order stands', answer: z.string() },
 *   async ({ params, client }) => (await client.tasks.get(params['id'] ?? '').status()).state,
 * );
 * ```
 */
export function defineRoute<
  Body extends StandardSchema,
  Answer extends StandardSchema,
  const Ports extends PortTable = PortTable,
>(
  options: RouteOptions<Body, Answer, Ports>,
  handle: (
    request: RouteRequest<OutputOfSchema<Body>>,
    ports: OpenPorts<Ports>,
  ) => InputOfSchema<Answer> | Promise<InputOfSchema<Answer>>,
): DefinedRoute {
  const { body, answer, ports, failures, ...facts } = options;
  const name = `${options.method} ${options.path}`;
  return {
    ...facts,
    kind: ROUTE_KIND,
    body: body === undefined ? undefined : toZod(body, `${name}: body`),
    answer: toZod(answer, `${name}: answer`),
    ports: ports ?? {},
    failures: rowsOf(failures),
    // `as` is safe: the API checks the body and opens the ports of this route.
    handle: async (request, open) => await handle(request, open as OpenPorts<Ports>),
  };
}

/** Tells whether a value is a route of {@link defineRoute} that this version can use. */
export function isDefinedRoute(value: unknown): value is DefinedRoute {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === ROUTE_KIND;
}
