/** Ids of requests: in the header `X-Request-Id` of the answer, in problems, and in every line of the log. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { ApiLogger } from '../services.ts';

const HEADER = 'x-request-id';

/** An id that comes from outside stands in logs, so it is short and without blanks and marks. */
const ACCEPTED = /^[\w.:-]{1,128}$/;

/** Gives each request an id: the one that it came with when that may stand in a log, else a new one. */
export const nameRequest: RequestHandler = (request, response, next) => {
  const given = request.get(HEADER) ?? '';
  response.set(HEADER, ACCEPTED.test(given) ? given : randomUUID());
  next();
};

/** Returns the id of the request that an answer belongs to. */
export function requestIdOf(response: Response): string {
  return response.get(HEADER) ?? '';
}

/** Makes a logger whose lines name a request. */
export function loggerFor(logger: ApiLogger, response: Response): ApiLogger {
  const requestId = requestIdOf(response);
  return {
    info: (fields, message) => logger.info({ requestId, ...fields }, message),
    warn: (fields, message) => logger.warn({ requestId, ...fields }, message),
    error: (fields, message) => logger.error({ requestId, ...fields }, message),
  };
}
