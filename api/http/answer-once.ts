/** One rule for every `Idempotency-Key`: the same content gets the same answer, and other content is refused. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { Conflict, fingerprintInTurns, inTurns, type KeyRing } from '../../client/index.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { Claim, Hold } from '../../services/answers/port.ts';
import type { ApiServices } from '../services.ts';
import { holdAnswer, sendStored } from './held-answer.ts';
import { digestOfKey, keyOf, ringOfKey } from './idempotency.ts';
import { HttpError, toProblem } from './problem.ts';

/** A request and its answer. */
export interface Exchange {
  readonly services: Pick<ApiServices, 'answers' | 'logger' | 'settings'>;
  readonly request: Request;
  readonly response: Response;
}

/** Time after which another process may carry out a request whose process was killed, in milliseconds. */
const HOLD_MS = 60_000;

/** How long a request waits for the answer of its twin, in milliseconds, and the time between two looks. */
const TWIN_WAIT_MS = 5_000;
const LOOK_MS = 100;

/** Longest answer that is kept; a request with a longer one is carried out again, by the ids that its key makes. */
const MAX_ANSWER_BYTES = BYTES_PER_MB;

/** Parameters of a query that change when the answer comes, and not what is done. */
const NOT_CONTENT = new Set(['wait']);

/**
 * Carries out a request with an `Idempotency-Key` once, keeps its answer, and gives the same answer to every repetition;
 * a request without a key is carried out each time.
 *
 * @param content - what the request asks for, besides its address
 * @param work - answers the request; the end of the answer is held back until it is stored
 * @throws Conflict the key belongs to a request with other content
 * @throws HttpError 409, the first request with the key is still being answered
 */
export async function answerOnce(exchange: Exchange, content: unknown, work: () => Promise<void>): Promise<void> {
  const { services, request, response } = exchange;
  const ring = ringOfKey(request);
  const name = digestOfKey(request);
  if (ring === undefined || name === undefined) return work();
  const hold: Hold = { name, holder: randomUUID() };
  const fingerprint = await fingerprintOf(ring, request, content);
  const claim = await claimSoon(services, hold, fingerprint);
  if (claim.kind === 'other') throw new Conflict(keyOf(request) ?? '', claim.fingerprint, fingerprint);
  if (claim.kind === 'held') throw stillAtWork();
  if (claim.kind === 'granted') return carryOut(exchange, hold, ring, work);
  const text = ring.open(ring.keyId, claim.answer, name);
  if (text === undefined) throw new Error('The stored answer of a request was changed.');
  response.set('idempotency-replayed', 'true');
  sendStored(response, text.toString());
}

/** Nobody without the key can compare the fingerprint with a guess at the content. */
async function fingerprintOf(ring: KeyRing, { method, path, query }: Request, content: unknown): Promise<string> {
  const counted = Object.entries(query).filter(([parameter]) => !NOT_CONTENT.has(parameter));
  const all = [method, path, Object.fromEntries(counted), content];
  const { text } = await inTurns((isTurnOver) => fingerprintInTurns({ sealKeys: undefined }, all, isTurnOver));
  return ring.namesOf(text)[0];
}

async function claimSoon({ answers, settings }: Exchange['services'], hold: Hold, fingerprint: string): Promise<Claim> {
  const until = performance.now() + (settings.twinWaitMs ?? TWIN_WAIT_MS);
  for (;;) {
    const claim = await answers.claim(hold, fingerprint, HOLD_MS);
    if (claim.kind !== 'held' || performance.now() >= until) return claim;
    await setTimeout(LOOK_MS);
  }
}

function stillAtWork(): HttpError {
  const detail =
    'The first request with this Idempotency-Key is still being answered. Send the same request again in 2 s to get its answer.';
  return new HttpError(409, detail, { 'retry-after': '2' });
}

async function carryOut(
  { services: { answers, logger }, response }: Exchange,
  hold: Hold,
  ring: KeyRing,
  work: () => Promise<void>,
): Promise<void> {
  const failed = (err: unknown): void =>
    logger.warn({ err }, 'A request may be carried out again when it is repeated.');
  const renewal = setInterval(() => void answers.renew(hold, HOLD_MS).catch(failed), HOLD_MS / 3).unref();
  const held = holdAnswer(response);
  try {
    await work();
    const text = held.text();
    if (text === undefined || text.length > MAX_ANSWER_BYTES) await answers.free(hold);
    else await answers.keep(hold, ring.seal(Buffer.from(text), hold.name));
    held.send();
  } catch (error) {
    held.drop();
    // A refused request has done nothing; after any other failure, nobody knows how far it came.
    const refused = toProblem(error).problem.status < 500;
    await (refused ? answers.forget(hold) : answers.free(hold)).catch(failed);
    throw error;
  } finally {
    clearInterval(renewal);
  }
}
