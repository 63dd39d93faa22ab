/** Routes as data; Express, the OpenAPI document and the overview page are derived from them. */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { validate } from '../../client/index.ts';
import type { JsonBounds } from '../../contracts/values/json/text.ts';
import type { ApiServices } from '../services.ts';
import { answerOnce } from './answer-once.ts';

/** One answer that a route may give, for the documentation. */
export interface Answer {
  readonly description: string;
  /** Media type of the body. @defaultValue `application/json` */
  readonly mediaType?: string;
  /** Shape of the body; absent for answers that are not JSON. */
  readonly schema?: z.ZodType;
}

/** Everything about a route except its handler and its schemas. */
interface RouteFacts {
  /** Id of the operation, from which generated clients make a method: a verb and a noun in camel case, for example `listDocuments`. */
  readonly name: string;
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Path in Express's notation, for example `/v1/documents/:id`. */
  readonly path: string;
  /** One line that says what the route is for. */
  readonly summary: string;
  /** Whether the route needs no API key. @defaultValue false */
  readonly open?: boolean;
  /**
   * Whether callers prove themselves by a signature, which the handler checks: they are not counted by address, because a
   * provider tells much at once; an address that sends {@link WrongSignature} often is locked out. @defaultValue false
   */
  readonly signed?: boolean;
  /** Whether the route needs the administrator's key. @defaultValue false */
  readonly admin?: boolean;
  /** Bounds of the body of JSON. @defaultValue `INPUT_BOUNDS` */
  readonly bounds?: JsonBounds;
  /**
   * Whether a POST only computes its answer, so that repeating it is harmless and an `Idempotency-Key` has no effect.
   *
   * @defaultValue false
   */
  readonly changesNothing?: boolean;
  /** Whether the route takes files as `multipart/form-data` instead of JSON; its handler calls `answerOnce` with what they hold. @defaultValue false */
  readonly upload?: boolean;
  /** Answers that are not errors, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of errors that this route may answer, beyond those of every route. */
  readonly errors?: readonly number[];
}

/** A request whose parts have been checked. */
export interface Call<Params, Query, Body, Services extends ApiServices = ApiServices> {
  readonly services: Services;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly request: Request;
  readonly response: Response;
  /** Aborted when the caller disconnects and when the process is told to stop. */
  readonly signal: AbortSignal;
}

interface RouteSpec<
  S extends ApiServices,
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
> extends RouteFacts {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>, S>): Promise<void>;
}

/** One row of the route table; `Services` is what its handler uses. */
export interface Route<Services extends ApiServices = ApiServices> extends RouteFacts {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Checks the request and answers it. Throws what `toProblem` understands. */
  readonly run: (services: Services, request: Request, response: Response) => Promise<void>;
}

/** Makes a route whose handler gets input of the types that the route's schemas say, and `Services`. */
type DefineRoute<Services extends ApiServices> = <
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
>(
  spec: RouteSpec<Services, P, Q, B>,
) => Route<Services>;

/**
 * Gives the `defineRoute` of a domain with ports of its own.
 *
 * @example
 * const defineRoute = routesWith<ReportServices>();
 */
export function routesWith<Services extends ApiServices>(): DefineRoute<Services> {
  return (spec) => ({
    ...spec,
    async run(services, request, response) {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const call = {
        services,
        // A handler does not read a part that its route has no schema for.
        params: spec.params ? validate(spec.params, request.params) : (request.params as never),
        query: spec.query ? validate(spec.query, request.query) : (request.query as never),
        body: spec.body ? validate(spec.body, request.body ?? {}) : (undefined as never),
        request,
        response,
        signal: services.closing ? AbortSignal.any([gone.signal, services.closing]) : gone.signal,
      };
      if (isKeyed(spec) && spec.upload !== true) await answerOnce(call, request.body ?? {}, () => spec.handle(call));
      else await spec.handle(call);
    },
  });
}

/** Whether an `Idempotency-Key` counts on a route. */
export function isKeyed({ method, changesNothing = false }: Pick<Route, 'method' | 'changesNothing'>): boolean {
  return method === 'post' && !changesNothing;
}

/** Makes a route that uses what all domains may use. */
export const defineRoute = routesWith<ApiServices>();
