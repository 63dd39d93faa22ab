/** Tells applications what becomes of messages, as Twilio does: signed forms, again when nobody answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NEVER_DELIVERED } from './refusals.ts';
import { SIGNATURE_HEADER, signatureOf } from './signature.ts';
import type { InboxText, TextStore } from './store.ts';

/** An account, whose token signs. */
export interface TextAccount {
  readonly sid: string;
  readonly token: string;
}

/** Pauses before the message is sent and before it arrives, in milliseconds: long enough to be seen on the page. */
const STEP_MS = 100;

/** Pauses before a form is sent again, in milliseconds. */
const AGAIN_MS = [500, 2_000, 5_000] as const;

const ANSWER_WITHIN_MS = 15_000;

/** Moves a message on to its end, and tells each step. */
export async function carry(
  store: TextStore,
  account: TextAccount,
  text: InboxText,
  signal: AbortSignal,
): Promise<void> {
  const error = NEVER_DELIVERED[text.to];
  const steps = [
    ['sent', null],
    [error === undefined ? 'delivered' : 'undelivered', error ?? null],
  ] as const;
  for (const [status, code] of steps) {
    await sleep(STEP_MS, undefined, { signal });
    const now = await store.change(text.sid, status, code);
    if (now?.statusCallback !== null && now !== undefined)
      await tell(account, now.statusCallback, statusForm(account, now), signal);
  }
}

/** The form that tells the status of a message. */
export function statusForm({ sid }: TextAccount, text: InboxText): URLSearchParams {
  return new URLSearchParams({
    AccountSid: sid,
    ApiVersion: '2010-04-01',
    From: text.from,
    To: text.to,
    MessageSid: text.sid,
    MessageStatus: text.status,
    SmsSid: text.sid,
    SmsStatus: text.status,
    ...(text.errorCode === null ? {} : { ErrorCode: String(text.errorCode) }),
  });
}

/** Sends a signed form, until somebody answers without an error of the server or no pause is left. */
export async function tell(
  { token }: TextAccount,
  url: string,
  form: URLSearchParams,
  signal: AbortSignal,
): Promise<number | undefined> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    [SIGNATURE_HEADER]: signatureOf(token, url, form),
  };
  for (const pause of [...AGAIN_MS, undefined]) {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const response = await fetch(url, { method: 'POST', headers, body: form.toString(), signal: within }).catch(
      () => undefined,
    );
    await response?.body?.cancel();
    if (response !== undefined && response.status < 500) return response.status;
    if (pause === undefined) return response?.status;
    await sleep(pause, undefined, { signal });
  }
  return undefined;
}
