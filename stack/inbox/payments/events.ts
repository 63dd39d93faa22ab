/** Tells an application what has happened, as Stripe does: signed events, again when nobody answers. */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SIGNATURE_HEADER, WEBHOOK_PATH } from '../../../contracts/billing/vocabulary.ts';
import { newId, type PaymentObject } from './store.ts';

/** Where events are told, and what signs them. */
export interface EventTarget {
  /** Address of the API. */
  readonly apiUrl: string;
  readonly secret: string;
}

/** Pauses before an event is told again, in milliseconds. */
const AGAIN_MS = [500, 2_000, 5_000, 30_000] as const;

const ANSWER_WITHIN_MS = 15_000;

/** Something that happened to an object. */
export interface PaymentEvent {
  readonly id: string;
  readonly object: 'event';
  readonly type: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly livemode: boolean;
  readonly data: { readonly object: PaymentObject };
}

/** Makes the event of a change. */
export function eventOf(type: string, object: PaymentObject): PaymentEvent {
  const created = Math.floor(Date.now() / 1000);
  return { id: newId('evt'), object: 'event', type, created, livemode: false, data: { object } };
}

/** Signs bytes for a time in seconds since 1970; the header says which time that was. */
export function signatureOf(secret: string, payload: string, at: number): string {
  const signature = createHmac('sha256', secret)
    .update(`${String(at)}.${payload}`)
    .digest('hex');
  return `t=${String(at)},v1=${signature}`;
}

/** Tells an event, until somebody takes it or no pause is left. Returns the status of the last answer. */
export async function tellEvent(
  { apiUrl, secret }: EventTarget,
  event: PaymentEvent,
  signal: AbortSignal,
): Promise<number | undefined> {
  const body = JSON.stringify(event);
  for (const pause of [...AGAIN_MS, undefined]) {
    const response = await fetch(apiUrl + WEBHOOK_PATH, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        [SIGNATURE_HEADER]: signatureOf(secret, body, Math.floor(Date.now() / 1000)),
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true || pause === undefined) return response?.status;
    await sleep(pause, undefined, { signal });
  }
  return undefined;
}
