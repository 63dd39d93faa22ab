/** Holds an answer back until it is stored, so that no caller has an answer that a repetition would not get. */
import type { Response } from 'express';
import { z } from 'zod';

const storedSchema = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** An answer that is not sent yet. */
export interface HeldAnswer {
  /** The answer as text; `undefined` when a part of it was sent already. */
  text(): string | undefined;
  /** Sends it. */
  send(): void;
  /** Lets another answer be sent in its place. */
  drop(): void;
}

/** Headers that belong to the answer itself; all others are made anew for each request. */
const HEADERS = ['content-type', 'location'] as const;

/** From now on, the end of the answer is kept back. */
export function holdAnswer(response: Response): HeldAnswer {
  const end = response.end.bind(response) as (body?: Buffer) => Response;
  let body: Buffer | undefined;
  // Express ends every answer with at most one piece; one that is written in pieces has sent its head by then.
  response.end = ((piece?: unknown) => {
    body = piece === undefined || typeof piece === 'function' ? undefined : Buffer.from(piece as string | Buffer);
    return response;
  }) as typeof response.end;
  const drop = (): void => {
    response.end = end as typeof response.end;
  };
  return {
    text: () => {
      if (response.headersSent) return undefined;
      const headers = HEADERS.flatMap((name) => {
        const value = response.getHeader(name);
        return typeof value === 'string' ? [[name, value]] : [];
      });
      const stored = {
        status: response.statusCode,
        headers: Object.fromEntries(headers) as Record<string, string>,
        body: body?.toString() ?? '',
      };
      return JSON.stringify(stored satisfies z.infer<typeof storedSchema>);
    },
    send: () => {
      drop();
      end(body);
    },
    drop,
  };
}

/** Sends an answer that was stored as text. */
export function sendStored(response: Response, text: string): void {
  const { status, headers, body } = storedSchema.parse(JSON.parse(text));
  response.status(status).set(headers);
  if (body === '') response.end();
  else response.send(Buffer.from(body));
}
