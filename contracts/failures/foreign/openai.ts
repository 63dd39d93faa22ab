/** What errors of OpenAI's library mean, as data: the package need not be installed. */
import type { FailureType } from '../../failures.ts';

/** By `code`, which goes before the status. */
const CODES: Readonly<Record<string, FailureType>> = {
  // Sent with 429, and waiting does not help.
  insufficient_quota: 'BackendAuthFailed',
  billing_hard_limit_reached: 'BackendAuthFailed',
  billing_not_active: 'BackendAuthFailed',
  invalid_api_key: 'BackendAuthFailed',
  account_deactivated: 'BackendAuthFailed',
  unsupported_country_region_territory: 'BackendAuthFailed',
  rate_limit_exceeded: 'BackendThrottled',
  overloaded: 'BackendThrottled',
};

/** By the class of an error, of those without an answer; the cause of a connection that failed says more. */
const CLASSES: Readonly<Record<string, FailureType>> = { APIConnectionTimeoutError: 'BackendTimeout' };

/** Returns the failure that an error of the library means; `undefined` where its status or its cause says more. */
export function openAiFailureType(className: string, code: string): FailureType | undefined {
  if (Object.hasOwn(CLASSES, className)) return CLASSES[className];
  return Object.hasOwn(CODES, code) ? CODES[code] : undefined;
}
