/** What a route is: data, from which Express, the OpenAPI document and the overview page are made. */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { validate } from '../../client/index.ts';
import type { ApiServices } from '../services.ts';

/** One answer that a route may give, for the documentation. */
export interface Answer {
  readonly description: string;
  /** Media type of the body. @defaultValue `application/json` */
  readonly mediaType?: string;
  /** Shape of the body; absent for answers that are not JSON. */
  readonly schema?: z.ZodType;
}

/** What a route's documentation and plumbing need to know. */
interface RouteFacts {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** In Express's notation, for example `/documents/:id`. */
  readonly path: string;
  /** One line: what it is for. */
  readonly summary: string;
  /** Needs no API key. @defaultValue false */
  readonly open?: boolean;
  /** Needs the administrator's key. @defaultValue false */
  readonly admin?: boolean;
  /** Largest body of JSON, in megabytes. @defaultValue 10 */
  readonly maxBodyMb?: number;
  /** Takes files as `multipart/form-data` in place of JSON. @defaultValue false */
  readonly upload?: boolean;
  /** Other answers than errors, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of errors that this route may answer, beyond those of every route. */
  readonly errors?: readonly number[];
}

/** A request whose parts have been checked. */
export interface Call<Params, Query, Body> {
  readonly services: ApiServices;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly request: Request;
  readonly response: Response;
  /** Aborted when the client goes away, and when the process is told to stop. */
  readonly signal: AbortSignal;
}

interface RouteSpec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> extends RouteFacts {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<void>;
}

/** One row of the route table. */
export interface Route extends RouteFacts {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Checks the request and answers it. Throws what `toProblem` understands. */
  run(services: ApiServices, request: Request, response: Response): Promise<void>;
}

/** Binds the types of a handler's input to the schemas of its route. */
export function defineRoute<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
>(spec: RouteSpec<P, Q, B>): Route {
  return {
    ...spec,
    async run(services, request, response) {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      await spec.handle({
        services,
        // Without a schema nobody reads the part, whatever its type says.
        params: spec.params ? validate(spec.params, request.params) : (request.params as z.output<P>),
        query: spec.query ? validate(spec.query, request.query) : (request.query as z.output<Q>),
        body: spec.body ? validate(spec.body, request.body ?? {}) : (undefined as z.output<B>),
        request,
        response,
        signal: services.closing ? AbortSignal.any([gone.signal, services.closing]) : gone.signal,
      });
    },
  };
}
