/** Tells which failure an error is, whoever threw it. */
import { type FailureType, isFailureType, PerennialError } from '../../failures.ts';
import { retryAfterMs } from '../../values/retry-after.ts';
import { codeFailureType, isAboutMemory } from './codes.ts';
import { httpFailureType } from './http.ts';
import { messageOf } from './message.ts';
import { openAiFailureType } from './openai.ts';
import { chainOf, isA, numberOf, textOf, valueOf } from './reading.ts';
import { smtpFailureType } from './smtp.ts';
import { sqlStateFailureType } from './sqlstate.ts';
import { stripeFailureType } from './stripe.ts';
import { twilioFailureType } from './twilio.ts';

/** Which failure an error is. */
export interface Classified {
  readonly type: FailureType;
  /** For people: bounded, and without what may not be read. */
  readonly message: string;
  /** Delay that the other side asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Whose service it was, where that is known: `stripe`, or the host of its address. */
  readonly provider?: string | undefined;
}

type Found = Omit<Classified, 'message'>;

/**
 * Tells which failure an error is: one of ours by itself; one of another by its own fields and by those of its causes, the
 * outermost first; `Unexpected` when no rule foresees it. It never throws, whatever it is given.
 *
 * @param now - in milliseconds since 1970, for dates of `Retry-After`
 */
export function classify(error: unknown, now: number): Classified {
  if (isA(error, PerennialError)) return ownFailure(error);
  const message = messageOf(error);
  for (const link of chainOf(error)) {
    const found = isA(link, PerennialError) ? ownFailure(link) : foreignFailure(link, now);
    if (found !== undefined) return { ...found, message };
  }
  return { type: 'Unexpected', message };
}

function ownFailure(error: PerennialError): Classified {
  const type = valueOf(error, 'type');
  return {
    type: isFailureType(type) ? type : 'Unexpected',
    message: messageOf(error),
    retryAfterMs: numberOf(error, 'retryAfterMs'),
    provider: textOf(error, 'provider') || undefined,
  };
}

/** The rules, the most particular first. */
const RULES: readonly ((error: unknown, now: number) => Found | undefined)[] = [
  ofStripe,
  ofTwilio,
  ofOpenAi,
  ofSmtp,
  ofHttp,
  ofCode,
];

function foreignFailure(error: unknown, now: number): Found | undefined {
  for (const rule of RULES) {
    const found = rule(error, now);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ofStripe(error: unknown, now: number): Found | undefined {
  const codes = [textOf(error, 'decline_code'), textOf(error, 'code')];
  const type = stripeFailureType(textOf(error, 'type'), textOf(error, 'rawType'), codes);
  return type === undefined ? undefined : { type, retryAfterMs: askedBy(error, now), provider: 'stripe' };
}

function ofTwilio(error: unknown, now: number): Found | undefined {
  const isTwilio = textOf(error, 'name') === 'RestException' || textOf(error, 'moreInfo').includes('twilio.com');
  if (!isTwilio) return undefined;
  const type = twilioFailureType(numberOf(error, 'code') ?? 0) ?? httpFailureType(statusOf(error) ?? 0);
  return type === undefined ? undefined : { type, retryAfterMs: askedBy(error, now), provider: 'twilio' };
}

function ofOpenAi(error: unknown, now: number): Found | undefined {
  // Answers to other clients have codes too; the errors of this one know the id of the request.
  const code = valueOf(error, 'requestID') === undefined ? '' : textOf(error, 'code');
  const type = openAiFailureType(textOf(valueOf(error, 'constructor'), 'name'), code);
  return type === undefined ? undefined : { type, retryAfterMs: askedBy(error, now), provider: 'openai' };
}

function ofSmtp(error: unknown): Found | undefined {
  const [answer, command] = [textOf(error, 'response'), textOf(error, 'command')];
  const type = smtpFailureType(numberOf(error, 'responseCode') ?? 0, answer, command);
  return type === undefined ? undefined : { type };
}

function ofHttp(error: unknown, now: number): Found | undefined {
  const asked = askedBy(error, now);
  const type = httpFailureType(statusOf(error) ?? 0, asked !== undefined);
  return type === undefined ? undefined : { type, retryAfterMs: asked, provider: hostOf(error) };
}

function ofCode(error: unknown): Found | undefined {
  const [code, name] = [textOf(error, 'code'), textOf(error, 'name')];
  const type =
    codeFailureType(code) ??
    sqlStateFailureType(code) ??
    codeFailureType(name) ??
    (isAboutMemory(textOf(error, 'message')) ? 'OutOfMemory' : undefined);
  return type === undefined ? undefined : { type, provider: hostOf(error) };
}

/** Finds the status of an answer where the usual libraries keep it. */
function statusOf(error: unknown): number | undefined {
  const response = valueOf(error, 'response');
  return (
    numberOf(error, 'status') ??
    numberOf(error, 'statusCode') ??
    numberOf(response, 'status') ??
    numberOf(response, 'statusCode') ??
    numberOf(valueOf(error, '$metadata'), 'httpStatusCode')
  );
}

function askedBy(error: unknown, now: number): number | undefined {
  const headers = [valueOf(error, 'headers'), valueOf(valueOf(error, 'response'), 'headers')];
  const found = headers.map(retryAfterHeader).find((header) => header !== undefined);
  return retryAfterMs(found, now);
}

function retryAfterHeader(headers: unknown): string | undefined {
  const value = valueOf(headers, 'retry-after') ?? valueOf(headers, 'Retry-After') ?? asked(headers);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** Reads from `Headers` of fetch. */
function asked(headers: unknown): unknown {
  const get = valueOf(headers, 'get');
  if (typeof get !== 'function') return undefined;
  try {
    const value: unknown = Reflect.apply(get, headers, ['retry-after']);
    return value;
  } catch {
    return undefined;
  }
}

/** Returns the host of the address that was called: the rest of an address may hold secrets. */
function hostOf(error: unknown): string | undefined {
  const config = valueOf(error, 'config');
  const addresses = [
    textOf(error, 'url'),
    textOf(valueOf(error, 'response'), 'url'),
    textOf(config, 'url'),
    textOf(config, 'baseURL'),
  ];
  const address = addresses.find((one) => URL.canParse(one));
  return address === undefined ? textOf(error, 'hostname') || undefined : new URL(address).host || undefined;
}
