/** Reads JSON bodies: their bounds are checked before they are parsed, and never for long at once. */
import { setImmediate } from 'node:timers/promises';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { faultText } from '../../contracts/values/field-faults.ts';
import { inTurns } from '../../client/index.ts';
import { readJsonInTurns } from '../../contracts/values/json/pieces.ts';
import { INPUT_BOUNDS, JsonScan, type JsonBounds } from '../../contracts/values/json/text.ts';
import { HttpError } from './problem.ts';
import type { Route } from './route.ts';

/** Bytes that are checked before other requests get a turn; they take about 10 ms. */
const SLICE_BYTES = BYTES_PER_MB;

/** Returns the steps that put the parsed body into `request.body`; without a body it stays undefined. */
export function readJsonBody({ bounds = INPUT_BOUNDS }: Pick<Route, 'bounds'>): readonly RequestHandler[] {
  const parse: RequestHandler = async (request, _response, next) => {
    const bytes: unknown = request.body;
    request.body = Buffer.isBuffer(bytes) && bytes.length > 0 ? await parsed(bytes, bounds) : undefined;
    next();
  };
  return [requireJson, express.raw({ type: 'application/json', limit: bounds.bytes }), parse];
}

/** Refuses a body of another type than JSON in UTF-8, which Express would ignore or decode. */
function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (hasBody && !(request.is('application/json') && /^utf-?8$/i.test(charset))) {
    throw new HttpError(415, 'Expected a body of the type application/json in UTF-8.', { accept: 'application/json' });
  }
  next();
}

async function parsed(bytes: Buffer, bounds: JsonBounds): Promise<unknown> {
  const scan = new JsonScan(bounds);
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (at > 0) await setImmediate();
    const fault = scan.write(bytes.subarray(at, at + SLICE_BYTES));
    if (fault !== undefined) throw new HttpError(413, `${faultText({ field: 'body', ...fault })}.`);
  }
  const read = await inTurns((isTurnOver) => readJsonInTurns(bytes, 'body', isTurnOver));
  if ('value' in read) return read.value;
  throw new HttpError(400, `${faultText(read.fault)}.`);
}
