/** What errors of Stripe's library mean, as data: the package need not be installed. */
import type { FailureType } from '../../failures.ts';

/** By `type` of the library's errors, and by `rawType`, which the service sends. */
const TYPES: Readonly<Record<string, FailureType>> = {
  StripeCardError: 'BackendRejected',
  StripeInvalidRequestError: 'BackendRejected',
  StripeInvalidGrantError: 'BackendAuthFailed',
  StripeIdempotencyError: 'BackendRejected',
  StripeSignatureVerificationError: 'BackendAuthFailed',
  StripeAuthenticationError: 'BackendAuthFailed',
  StripePermissionError: 'BackendAuthFailed',
  StripeRateLimitError: 'BackendThrottled',
  StripeAPIError: 'BackendFailed',
  StripeConnectionError: 'BackendUnavailable',
  StripeUnknownError: 'BackendFailed',
  card_error: 'BackendRejected',
  invalid_request_error: 'BackendRejected',
  idempotency_error: 'BackendRejected',
  authentication_error: 'BackendAuthFailed',
  rate_limit_error: 'BackendThrottled',
  api_error: 'BackendFailed',
};

/** By `code` and `decline_code`, which go before the type. */
const CODES: Readonly<Record<string, FailureType>> = {
  lock_timeout: 'BackendUnavailable',
  idempotency_key_in_use: 'BackendUnavailable',
  processing_error: 'BackendUnavailable',
  issuer_not_available: 'BackendUnavailable',
  try_again_later: 'BackendUnavailable',
  reenter_transaction: 'BackendUnavailable',
  approve_with_id: 'BackendUnavailable',
  rate_limit: 'BackendThrottled',
  api_key_expired: 'BackendAuthFailed',
  platform_api_key_expired: 'BackendAuthFailed',
  secret_key_required: 'BackendAuthFailed',
  testmode_charges_only: 'BackendAuthFailed',
  livemode_mismatch: 'BackendAuthFailed',
  account_invalid: 'BackendAuthFailed',
};

/**
 * Returns the failure that an error of Stripe means; `undefined` for an error of another library.
 *
 * @param codes - `decline_code` and `code`
 */
export function stripeFailureType(type: string, rawType: string, codes: readonly string[]): FailureType | undefined {
  if (!type.startsWith('Stripe') && rawType === '') return undefined;
  const code = codes.find((one) => Object.hasOwn(CODES, one));
  return code === undefined ? (TYPES[type] ?? TYPES[rawType]) : CODES[code];
}
