/** The API as an Express application; `main.ts` and tests pass in everything that it uses. */
import { randomUUID } from 'node:crypto';
import compression from 'compression';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import helmet from 'helmet';
import { refuseBrowser } from '../observability/browsers.ts';
import { callerOf, createAbuseGuard, type AbuseGuard } from './http/abuse.ts';
import { tagAnswer } from './http/conditional.ts';
import { requireAdmin, requireKey, WrongKey, WrongSignature } from './http/auth.ts';
import { readJsonBody } from './http/json-body.ts';
import { allowOrigins, trustedOrigin } from './http/origins.ts';
import { HttpError, toProblem } from './http/problem.ts';
import { loggerFor, nameRequest, requestIdOf } from './http/request-id.ts';
import type { Route } from './http/route.ts';
import { receivedBytes } from './http/upload.ts';
import { createRoutes, type AllServices } from './routes.ts';
import type { ApiServices } from './services.ts';

/** Shown in the OpenAPI document. */
export const API_VERSION = '0.1.0';

/** Makes the application; a server must be attached before it answers requests. */
export function createApi(services: AllServices, own: readonly Route[] = []): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', [...services.settings.trustedProxies]);
  const guard = createAbuseGuard(services.settings.abuse);
  const routes = createRoutes(API_VERSION, services.settings.without, own, services.settings.reference);
  const signed = new Set(routes.flatMap((route) => (route.signed === true ? [route.path] : [])));
  app.use(securityHeaders());
  app.use(nameRequest);
  app.use(logRequests(services));
  app.use(guardRequests(services, guard, signed));
  app.use(allowOrigins(services.settings));
  app.use(compression({ filter: isWorthCompressing }));
  for (const route of routes) app[route.method](route.path, ...steps(services, guard, route));
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(path, otherMethod(routes.filter((route) => route.path === path)));
  }
  app.use((request: Request) => {
    throw new HttpError(404, `There is no ${request.path} here; /v1/docs lists what there is.`);
  });
  app.use(problemAnswer(services));
  return app;
}

/** Browsers show only the pages about the API: the list has its style inline, and the reference a policy of its own. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
  });
}

/** Events must arrive when they are sent, and compression would wait for more of them. */
function isWorthCompressing(request: Request, response: Response): boolean {
  return !/^text\/event-stream/.test(response.get('content-type') ?? '') && compression.filter(request, response);
}

/** Routes that need no key are guarded too. Probes are not counted, because an orchestrator kills a process whose probe is refused. */
function guardRequests({ settings }: ApiServices, guard: AbuseGuard, signed: ReadonlySet<string>): RequestHandler {
  return async (request, _response, next) => {
    const refused = refuseBrowser(request, settings.hosts, trustedOrigin(request, settings));
    if (refused !== undefined) throw new HttpError(refused.status, refused.detail);
    if (!isProbe(request) && !signed.has(request.path)) await guard.request(callerOf(request));
    next();
  };
}

function isProbe({ path }: Request): boolean {
  return path === '/health' || path.startsWith('/health/');
}

/** Checks the key before the body, so that the body of a stranger is not read. */
function steps(services: AllServices, guard: AbuseGuard, route: Route<AllServices>): RequestHandler[] {
  const answer: RequestHandler = (request, response) =>
    route.run({ ...services, logger: loggerFor(services.logger, response) }, request, response);
  const run = route.signed === true ? countingForgeries(guard, answer) : answer;
  return [
    ...(route.method === 'get' ? [tagAnswer] : []),
    ...(route.open ? [] : [authenticate(services, guard, route)]),
    ...(route.upload ? [countUpload(guard)] : []),
    ...(route.body ? readJsonBody(route) : []),
    run,
  ];
}

function authenticate(
  { settings }: ApiServices,
  guard: AbuseGuard,
  { admin = false }: Pick<Route, 'admin'>,
): RequestHandler {
  return async (request, _response, next) => {
    const caller = callerOf(request);
    await guard.checkLockout(caller);
    try {
      const shown = admin ? requireAdmin(request, settings) : requireKey(request, settings);
      if (shown !== 'none') await guard.keyed(shown);
    } catch (error) {
      if (error instanceof WrongKey) await guard.wrongKey(caller);
      throw error;
    }
    next();
  };
}

/** Who guesses signatures is locked out as who guesses keys. */
function countingForgeries(guard: AbuseGuard, answer: RequestHandler): RequestHandler {
  return async (request, response, next) => {
    const caller = callerOf(request);
    await guard.checkLockout(caller);
    try {
      await answer(request, response, next);
    } catch (error) {
      if (error instanceof WrongSignature) await guard.wrongKey(caller);
      throw error;
    }
  };
}

/** Counts an upload without a content length when it has ended, so one such upload may exceed the quota. */
function countUpload(guard: AbuseGuard): RequestHandler {
  return async (request, response, next) => {
    const caller = callerOf(request);
    const length = request.headers['content-length'];
    await guard.upload(caller, length === undefined ? 0 : Number(length));
    if (length === undefined)
      response.once('close', () => void guard.upload(caller, receivedBytes(request)).catch(() => undefined));
    next();
  };
}

function otherMethod(routes: readonly Pick<Route, 'method'>[]): RequestHandler {
  const methods = routes.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  const allow = [...methods, 'OPTIONS'].join(', ');
  return (request, response) => {
    if (request.method !== 'OPTIONS') throw new HttpError(405, `Expected ${allow}.`, { allow });
    response.set('allow', allow).status(204).end();
  };
}

function logRequests({ logger }: ApiServices): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('finish', () => {
      // Successful probes are not logged, because they come every few seconds.
      if (request.path.startsWith('/health') && response.statusCode === 200) return;
      const durationMs = Math.round(performance.now() - startedAt);
      const { method, path, ip: address } = request;
      const requestId = requestIdOf(response);
      logger.info({ requestId, method, path, status: response.statusCode, durationMs, address }, 'request');
    });
    next();
  };
}

function problemAnswer({ logger }: ApiServices): ErrorRequestHandler {
  // Express recognises an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    const { problem, headers } = toProblem(error, { keyed: request.get('idempotency-key') !== undefined });
    const requestId = requestIdOf(response);
    const instance = problem.status >= 500 ? `urn:uuid:${randomUUID()}` : undefined;
    if (instance !== undefined)
      logger.error({ requestId, err: error, instance, method: request.method, path: request.path }, 'request failed');
    if (response.headersSent) {
      // The answer has begun, so only a broken connection can tell the client that it is incomplete.
      response.destroy();
      return;
    }
    // The rest of an upload may still be arriving, so the connection cannot be reused.
    if (!request.complete) response.set('connection', 'close');
    response.status(problem.status).set(headers).type('application/problem+json');
    response.send(JSON.stringify({ ...problem, ...(instance === undefined ? {} : { instance }), requestId }));
  };
}
