/** Classifies what the provider of text messages answers, and says whether it may have taken the message all the same. */
import { type FailureType, PerennialError } from '../../contracts/failures.ts';
import { classify } from '../../contracts/failures/foreign/classify.ts';

/** An answer of the provider that is an error. Its text names the number that was written to, so it is not kept. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
  readonly status: number;
  /** Number of the error; absent when the answer was not that of the provider. */
  readonly code: number | undefined;
  readonly headers: unknown;
  /** Tells the rules of all domains whose numbers these are. */
  readonly moreInfo = 'twilio.com';

  constructor(status: number, code: number | undefined, headers: unknown) {
    super(`HTTP ${String(status)}${code === undefined ? '' : `, error ${String(code)}`}`);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Numbers that say more to this domain than to others. */
const OF_MESSAGES: ReadonlyMap<number, FailureType> = new Map([
  [21201, 'InvalidPhoneNumber'],
  [21211, 'InvalidPhoneNumber'],
  [21217, 'InvalidPhoneNumber'],
  [21614, 'LandlineNumber'],
  [21617, 'MessageTooLong'],
  [21610, 'RecipientOptedOut'],
  [30006, 'LandlineNumber'],
]);

/** Failures that an operator must repair, after which the same message may be tried again. */
const INSTALLATION: ReadonlySet<FailureType> = new Set([
  'BackendAuthFailed',
  'BackendUntrusted',
  'MessagingNotConfigured',
  'SystemRefused',
]);

/** Failures after which the same message may be tried again. */
const PASSING: ReadonlySet<FailureType> = new Set([
  'BackendUnavailable',
  'BackendTimeout',
  'BackendFailed',
  'BackendThrottled',
  'SystemBusy',
]);

/** A failure of one message. */
export interface TextFailure {
  readonly failure: PerennialError;
  /** Whether the message itself was refused, so that another attempt is of no use. */
  readonly refused: boolean;
  /** Whether the provider may have taken the message, so that it must be asked before another attempt. */
  readonly unsure: boolean;
}

/** Codes of connections that were never made. */
const NEVER_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EMFILE)$/;

/** Maps an error of the provider to a failure of the registry. Its message has neither a number nor a text. */
export function toTextFailure(error: unknown): TextFailure {
  const failure = error instanceof PerennialError ? error : failureOf(error);
  const passes = PASSING.has(failure.type);
  return { failure, refused: !passes && !INSTALLATION.has(failure.type), unsure: passes && mayBeTaken(error) };
}

function failureOf(error: unknown): PerennialError {
  const { type, retryAfterMs } = classify(error, Date.now());
  const code = error instanceof ProviderRefusal ? error.code : undefined;
  const known = code === undefined ? undefined : OF_MESSAGES.get(code);
  const got = error instanceof ProviderRefusal ? error.message : (codeOf(error) ?? 'no answer');
  // An error of the library without a code is one of its connection: everything else is answered by the provider.
  const unknown = type === 'Unexpected' && !(error instanceof ProviderRefusal) ? 'BackendUnavailable' : type;
  return new PerennialError(known ?? unknown, `expected the provider to take the message, got ${got}`, {
    retryAfterMs,
    provider: 'twilio',
  });
}

function mayBeTaken(error: unknown): boolean {
  if (error instanceof ProviderRefusal) return error.status >= 500;
  return !NEVER_CONNECTED.test(codeOf(error) ?? '');
}

/** Returns the code of the error, or of the first of several addresses that were tried. */
function codeOf(error: unknown): string | undefined {
  for (let at = error; typeof at === 'object' && at !== null; at = Reflect.get(at, 'cause')) {
    const code: unknown = Reflect.get(at, 'code');
    if (typeof code === 'string' && code !== '') return code;
  }
  return undefined;
}
