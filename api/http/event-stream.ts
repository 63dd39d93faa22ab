/** Server-sent events about something that changes until it is over: batches, tasks, canvases. */
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { ApiServices } from '../services.ts';
import { callerOf } from './abuse.ts';
import { HttpError } from './problem.ts';
import type { Answer } from './route.ts';

/** A request for events. */
export interface EventRequest {
  readonly services: Pick<ApiServices, 'settings' | 'logger'>;
  readonly request: Request;
  readonly response: Response;
  readonly signal: AbortSignal;
}

/** What is watched. */
export interface Watched<State> {
  /** Name of the events that carry a state. */
  readonly event: string;
  /** Throws when there is no such thing, while the answer can still say so. */
  readonly require: () => Promise<unknown>;
  /** Gives each new state until the last one, or until the signal is aborted. */
  readonly states: (signal: AbortSignal, intervalMs: number) => AsyncIterable<State>;
  /** What the last event says. */
  readonly end: () => Promise<object>;
}

/** Id of the last event; a browser that reconnects with this id gets 204 and stops. */
const END = 'end';

/** Most event streams at once; each of them asks the Temporal server twice a second. */
const MAX_LISTENERS = 200;
/** Most event streams of one caller, so that the others have their share. */
const MAX_LISTENERS_OF_ONE = 50;
/** The callers of the open streams, by the settings of their application. */
const listeners = new WeakMap<ApiServices['settings'], string[]>();

const RETRY = { 'retry-after': '10' };

const HEARTBEAT_MS = 15_000;
const INTERVAL_MS = 500;

/** Time in which a reader must take what was sent, in milliseconds. */
const STALL_MS = 30_000;

/** The answers of a route of events. */
export const EVENT_ANSWERS: Readonly<Record<number, Answer>> = {
  200: { description: 'A stream of events', mediaType: 'text/event-stream' },
  204: { description: 'Last-Event-ID says that the end was seen' },
};

/**
 * Sends an event for each new state, heartbeats in between, and one `end`.
 *
 * @throws HttpError 429 the caller has too many streams open; 503 all callers together have
 */
export async function sendStates<State>(asked: EventRequest, watched: Watched<State>): Promise<void> {
  const { services, request, response } = asked;
  const { settings } = services;
  if (request.get('last-event-id') === END) {
    response.status(204).end();
    return;
  }
  await watched.require();
  const leave = takePlace(settings, callerOf(request));
  try {
    await stream(asked, watched);
  } finally {
    leave();
  }
}

/** Takes a place for a stream, and returns what gives it back. */
function takePlace(settings: ApiServices['settings'], caller: string): () => void {
  const open = listeners.get(settings) ?? [];
  listeners.set(settings, open);
  const most = settings.maxListenersOfOne ?? MAX_LISTENERS_OF_ONE;
  if (open.filter((other) => other === caller).length >= most) {
    const detail = `Expected at most ${most} streams of events from one address, got one more. Close one, or try again in 10 s.`;
    throw new HttpError(429, detail, RETRY);
  }
  if (open.length >= (settings.maxListeners ?? MAX_LISTENERS))
    throw new HttpError(503, 'Too many streams of events are open. Try again in 10 s.', RETRY);
  open.push(caller);
  return () => void open.splice(open.indexOf(caller), 1);
}

async function stream<State>(
  { services, request, response, signal }: EventRequest,
  watched: Watched<State>,
): Promise<void> {
  const { settings, logger } = services;
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // This header stops nginx from buffering the events.
    'x-accel-buffering': 'no',
  });
  response.write('retry: 3000\n\n');
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, settings.heartbeatMs ?? HEARTBEAT_MS);
  const send = (text: string): Promise<void> => deliver(response, text, settings.stallMs ?? STALL_MS);
  try {
    let id = firstEventId(request.get('last-event-id'));
    for await (const state of watched.states(signal, settings.eventIntervalMs ?? INTERVAL_MS)) {
      await send(`id: ${id}\nevent: ${watched.event}\ndata: ${JSON.stringify(state)}\n\n`);
      id += 1;
    }
    if (!signal.aborted) await send(`id: ${END}\nevent: end\ndata: ${JSON.stringify(await watched.end())}\n\n`);
  } catch (error) {
    // The answer has begun, so the error is sent as an event; the browser reconnects by itself.
    if (!response.destroyed) logger.warn({ err: error, path: request.path }, 'A stream of events ended early.');
    response.write('event: interrupted\ndata: {}\n\n');
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

/** Continues the numbering after a reconnect. No event is repeated, because each of them is a state and not a log. */
function firstEventId(last: string | undefined): number {
  return last !== undefined && /^\d{1,9}$/.test(last) ? Number(last) + 1 : 1;
}

/** Sends an event, and drops a reader who has stopped reading: what he does not take would fill the memory. */
async function deliver(response: Response, text: string, stallMs: number): Promise<void> {
  if (response.write(text)) return;
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(stallMs)]);
  try {
    if (!response.destroyed)
      await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } catch {
    response.destroy();
  } finally {
    done.abort();
  }
  if (response.destroyed) throw new Error('The reader has left, or has stopped reading.');
}

/** How a state is read again and again. */
interface Watch<State> {
  readonly read: () => Promise<State>;
  readonly isOver: (state: State) => boolean;
  /** The part of a state whose change is told. @defaultValue all of it */
  readonly newsOf?: (state: State) => unknown;
  readonly signal: AbortSignal;
  readonly intervalMs: number;
}

/** Reads a state again and again, and gives each one that differs from the one before, up to the last one. */
export async function* changesOf<State>({
  read,
  isOver,
  newsOf = (state) => state,
  signal,
  intervalMs,
}: Watch<State>): AsyncGenerator<State> {
  let before: string | undefined;
  while (!signal.aborted) {
    const state = await read();
    const now = JSON.stringify(newsOf(state));
    if (now !== before) yield state;
    before = now;
    if (isOver(state)) return;
    await setTimeout(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}
