/** Errors as problem details (RFC 9457), the same for every route. */
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import {
  Closed,
  Conflict,
  Ended,
  InvalidInput,
  NotExternal,
  NotFound,
  Stopped,
  Unavailable,
} from '../../client/index.ts';
import { failureSchema } from '../../contracts/failures/schema.ts';
import { failures, PerennialError, type FailureClass } from '../../contracts/failures.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** The body of every answer that is an error. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:perennial:failure:NAME` for a failure of the registry, else `about:blank`'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().optional().describe('Id of this occurrence; the log holds the same id'),
    requestId: z.string().optional().describe('Id of the request, as in the header `X-Request-Id` and in the log'),
    failure: failureSchema.omit({ message: true }).extend({ remedy: z.string() }).optional(),
    errors: z
      .array(z.object({ field: z.string(), expected: z.string(), got: z.string() }))
      .optional()
      .describe('Each field that is wrong'),
    fingerprints: z
      .object({ first: z.string(), second: z.string() })
      .optional()
      .describe('Of the content that an id or key belongs to, and of the one that came now'),
  })
  .describe('What went wrong (RFC 9457)');

/** The body of every answer that is an error. */
export type Problem = z.infer<typeof problemSchema>;

/** An error of HTTP itself, in contrast to a failure from the registry of failures. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

const statusOfClass: Readonly<Record<FailureClass, number>> = {
  transient: 503,
  throttled: 429,
  permanent: 422,
  poison: 422,
  configuration: 503,
  unknown: 500,
};

/** Body and headers of an answer that reports an error. */
export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** What an error means depends on the request. */
interface ProblemFacts {
  /** Whether the request has an `Idempotency-Key`; other content under it is 422, and under an id that the body names 409. */
  readonly keyed?: boolean;
}

/** Turns a thrown value into an answer. An unexpected error becomes a 500 without its message, which may hold private data. */
export function toProblem(error: unknown, { keyed = false }: ProblemFacts = {}): ProblemAnswer {
  if (error instanceof PerennialError) return failureProblem(error);
  if (error instanceof Conflict) return conflict(error, keyed ? 422 : 409);
  if (error instanceof HttpError) return plain(error.status, error.message, error.headers);
  return (
    fromClient(error) ??
    fromFramework(error) ??
    plain(500, 'Something went wrong that is not foreseen. The log has the details.')
  );
}

/** Errors of the client that are no failures of the registry. */
function fromClient(error: unknown): ProblemAnswer | undefined {
  if (error instanceof NotExternal) return plain(403, error.message);
  if (error instanceof NotFound) return plain(404, error.message);
  // The process is stopping, and another one may answer a retry.
  if (error instanceof Closed || error instanceof Unavailable) return plain(503, error.message, { 'retry-after': '5' });
  return error instanceof Stopped || error instanceof Ended ? plain(409, error.message) : undefined;
}

function plain(status: number, detail: string, headers: Readonly<Record<string, string>> = {}): ProblemAnswer {
  return { problem: { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail }, headers };
}

function conflict({ message, first, second }: Conflict, status: number): ProblemAnswer {
  const { problem, headers } = plain(status, message);
  return { problem: { ...problem, fingerprints: { first, second } }, headers };
}

function failureProblem(error: PerennialError): ProblemAnswer {
  const rule = failures[error.type];
  const status = rule.httpStatus ?? statusOfClass[rule.class];
  const retry = error.retryAfterMs === undefined ? 5 : Math.ceil(error.retryAfterMs / 1000);
  return {
    problem: {
      type: `urn:perennial:failure:${error.type}`,
      title: rule.cause,
      status,
      detail: status === 500 ? rule.cause : error.message,
      failure: { type: error.type, class: rule.class, remedy: rule.remedy },
      ...(error instanceof InvalidInput ? { errors: [...error.fields] } : {}),
    },
    headers: status === 503 || status === 429 ? { 'retry-after': String(retry) } : {},
  };
}

/** Errors of Express and its body parser have a `status` of 4xx; those of the parser also have a `type`. */
const frameworkErrorSchema = z.object({
  status: z.int().min(400).max(499),
  type: z.string().optional(),
  limit: z.number().optional().describe('Bytes that a body may have'),
});

const frameworkDetails: Readonly<Record<string, string>> = {
  'encoding.unsupported': 'The content encoding of the body is not supported.',
  'request.aborted': 'The request ended before its body was complete.',
  'request.size.invalid': 'The body is not as long as its Content-Length says.',
};

function fromFramework(error: unknown): ProblemAnswer | undefined {
  const parsed = frameworkErrorSchema.safeParse(error);
  if (!parsed.success) return undefined;
  const { status, type = '', limit } = parsed.data;
  if (limit !== undefined) return plain(status, `The body is larger than the limit of ${limit / BYTES_PER_MB} MB.`);
  return plain(status, frameworkDetails[type] ?? 'The request cannot be understood.');
}
