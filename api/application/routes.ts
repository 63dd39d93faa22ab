/** Routes of the application, with the guards and errors of those of the product. */
import type { DefinedRoute } from '../../define/route.ts';
import type { PortTable } from '../../define/port.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { defineRoute, type Route } from '../http/route.ts';

/** Where the routes of an application stand. */
export const APPLICATION_PATH = '/app';

/** Opens the ports of a route. */
export type OpenPortsOf = (ports: PortTable) => Promise<Readonly<Record<string, unknown>>>;

/** Makes the routes. */
export function applicationRoutes(defined: readonly DefinedRoute[], open: OpenPortsOf): readonly Route[] {
  return defined.map((own) =>
    defineRoute({
      name: operationOf(own),
      method: own.method,
      path: `${APPLICATION_PATH}${own.path}`,
      summary: own.summary,
      open: own.access === 'open',
      admin: own.access === 'admin',
      ...(own.body === undefined ? {} : { body: own.body }),
      answers: { 200: { description: own.summary, schema: own.answer } },
      async handle({ services, body, request, response, signal }) {
        const { client } = services;
        const ports = await open(own.ports);
        const given = { params: texts(request.params), query: texts(request.query), body, client, signal };
        response.json(checked(own, await own.handle(given, ports)));
      },
    }),
  );
}

/** Derives the id of an operation from what is unique about a route, for example `getAppOrdersId`. */
function operationOf({ method, path }: DefinedRoute): string {
  const words = `${APPLICATION_PATH}${path}`.split(/\W+/).filter((word) => word !== '');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** A parameter that is given twice counts with its first value. */
function texts(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const [first] = [value].flat() as readonly unknown[];
      return typeof first === 'string' ? [[name, first]] : [];
    }),
  );
}

/** An answer of another form is a defect of the application, and might hold what it must not show. */
function checked({ method, path, answer }: DefinedRoute, value: unknown): unknown {
  const parsed = answer.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PerennialError(
    'InvalidOutput',
    `${method} ${APPLICATION_PATH}${path}: expected an answer of its schema, got another value`,
  );
}
