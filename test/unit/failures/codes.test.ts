/**
 * What every code means that a table knows: of the system, of Node and its libraries, of PostgreSQL, Stripe and Twilio. The
 * lists are whole, so that no line of a table can change unseen.
 */
import { describe, expect, it } from 'vitest';
import { failures, type FailureClass, type FailureType } from '../../../contracts/failures.ts';
import { classify } from '../../../contracts/failures/foreign/classify.ts';
import { sqlStateFailureType } from '../../../contracts/failures/foreign/sqlstate.ts';

const typeOf = (fields: object): string => classify(Object.assign(new Error('it failed'), fields), 0).type;
/** The words of several lines. */
const words = (text: string): readonly string[] => text.match(/\S+/g) ?? [];
/** What each one of several means, where all should mean the same. */
const allMean = (type: FailureType, of: readonly (string | number)[]) =>
  Object.fromEntries(of.map((one) => [one, type]));

describe('systems and libraries', () => {
  it.each<[FailureType, FailureClass, string]>([
    [
      'BackendUnavailable',
      'transient',
      `EADDRNOTAVAIL EAI_AGAIN EAI_FAIL EAI_NODATA EAI_NONAME ECONNABORTED ECONNECTION ECONNREFUSED ECONNRESET
       EHOSTDOWN EHOSTUNREACH ENETDOWN ENETRESET ENETUNREACH ENODATA ENOTCONN ENOTFOUND EPIPE EREFUSED ESERVFAIL ESOCKET
       ERR_HTTP2_GOAWAY_SESSION ERR_HTTP2_SESSION_ERROR ERR_HTTP2_STREAM_ERROR ERR_NETWORK ERR_SOCKET_CLOSED
       ERR_STREAM_PREMATURE_CLOSE HPE_INVALID_CONSTANT
       UND_ERR_CLOSED UND_ERR_DESTROYED UND_ERR_PRX_TLS UND_ERR_SOCKET ConnectionError FetchError NetworkError`,
    ],
    [
      'BackendTimeout',
      'transient',
      `ABORT_ERR ERR_CANCELED ERR_SOCKET_CONNECTION_TIMEOUT ESOCKETTIMEDOUT ETIMEDOUT ETIMEOUT UND_ERR_ABORTED
       UND_ERR_BODY_TIMEOUT UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT AbortError TimeoutError`,
    ],
    [
      'BackendThrottled',
      'throttled',
      'RateLimitError RequestLimitExceeded SlowDown ThrottlingException TooManyRequestsException',
    ],
    [
      'BackendRejected',
      'permanent',
      `ERR_BAD_OPTION ERR_BAD_REQUEST ERR_FR_TOO_MANY_REDIRECTS ERR_INVALID_PROTOCOL ERR_INVALID_URL ERR_NOT_SUPPORT
       ERR_UNESCAPED_CHARACTERS HPE_HEADER_OVERFLOW UND_ERR_HEADERS_OVERFLOW UND_ERR_INVALID_ARG UND_ERR_NOT_SUPPORTED
       UND_ERR_REQ_CONTENT_LENGTH_MISMATCH UND_ERR_RES_CONTENT_LENGTH_MISMATCH UND_ERR_RES_EXCEEDED_MAX_SIZE`,
    ],
    ['BackendFailed', 'transient', 'ERR_BAD_RESPONSE UND_ERR_RESPONSE'],
    [
      'BackendUntrusted',
      'configuration',
      `CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_REJECTED CERT_REVOKED CERT_SIGNATURE_FAILURE CERT_UNTRUSTED
       DEPTH_ZERO_SELF_SIGNED_CERT EPROTO ERR_SSL_WRONG_VERSION_NUMBER ERR_TLS_CERT_ALTNAME_INVALID HOSTNAME_MISMATCH
       SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY
       UNABLE_TO_VERIFY_LEAF_SIGNATURE`,
    ],
    ['StorageFull', 'transient', 'EDQUOT ENOSPC'],
    ['StorageUnavailable', 'transient', 'EIO ENODEV ENXIO ESTALE'],
    [
      'SystemBusy',
      'transient',
      'EADDRINUSE EAGAIN EBUSY EINTR ELOCKED EMFILE ENFILE ENOBUFS ENOMEM ETXTBSY EWOULDBLOCK',
    ],
    [
      'SystemRefused',
      'configuration',
      'EACCES ENOEXEC ENOSYS EPERM EROFS ERR_ACCESS_DENIED ERR_DLOPEN_FAILED ERR_MODULE_NOT_FOUND',
    ],
    ['FileMissing', 'permanent', 'EISDIR ENOENT ENOTDIR'],
    [
      'PermanentError',
      'permanent',
      'E2BIG EEXIST EFBIG EILSEQ EINVAL ELOOP ENAMETOOLONG ENOTEMPTY EXDEV PermanentError ValueError',
    ],
    ['TemporaryError', 'transient', 'TemporaryError'],
    ['RetryableError', 'transient', 'RetryableError'],
    [
      'OutOfMemory',
      'poison',
      'ERR_BUFFER_TOO_LARGE ERR_MEMORY_ALLOCATION_FAILED ERR_STRING_TOO_LONG ERR_WORKER_OUT_OF_MEMORY',
    ],
  ])('%s (%s)', (type, kind, text) => {
    const codes = words(text);
    expect(Object.fromEntries(codes.map((code) => [code, typeOf({ code })]))).toEqual(allMean(type, codes));
    // Libraries put the same words into the name of an error that has no code.
    expect(Object.fromEntries(codes.map((name) => [name, typeOf({ name })]))).toEqual(allMean(type, codes));
    expect(failures[type].class).toBe(kind);
  });

  it('what no table knows is unexpected', () => {
    for (const code of ['ESOMETHING', 'ERR_SOMETHING', 'RangeError', '']) {
      expect(typeOf({ code })).toBe('Unexpected');
      expect(typeOf({ name: code })).toBe('Unexpected');
    }
  });
});

describe('PostgreSQL', () => {
  it.each<[FailureType, string, string]>([
    ['DatabaseUnavailable', '08 40 53 55 57 58 72 HV', '25006 25P03 40001 40P01 53200 53300 55P03 57014 57P01'],
    [
      'DatabaseRejected',
      '09 0A 0B 0F 0L 0P 0Z 10 20 21 22 23 24 25 26 27 2B 2D 2F 34 38 39 3B 42 44 54 P0',
      '22P02 23505 42601 55000 P0001',
    ],
    ['DatabaseRefused', '28 3D 3F F0', '28P01 3D000 42501 42703 42704 42883 42P01'],
    ['StorageFull', '', '53100'],
    ['Unexpected', 'XX ZZ 00 01', 'XX000'],
  ])('%s: the classes %s and the states %s', (type, classes, states) => {
    const all = [...words(classes).map((one) => `${one}099`), ...words(states)];
    const got = Object.fromEntries(all.map((code) => [code, typeOf({ code, severity: 'ERROR' })]));
    expect(got).toEqual(allMean(type, all));
  });

  it('takes no code of a system for a state', () => {
    for (const code of ['EPIPE', 'EBUSY', '1', '', '22p02']) expect(sqlStateFailureType(code)).toBeUndefined();
    expect(typeOf({ code: 'E2BIG' })).toBe('PermanentError');
  });
});

describe('Stripe', () => {
  it.each<[FailureType, string, string, string]>([
    [
      'BackendRejected',
      'StripeCardError StripeIdempotencyError StripeInvalidRequestError',
      'card_error idempotency_error invalid_request_error',
      '',
    ],
    [
      'BackendAuthFailed',
      'StripeAuthenticationError StripeInvalidGrantError StripePermissionError StripeSignatureVerificationError',
      'authentication_error',
      'account_invalid api_key_expired livemode_mismatch platform_api_key_expired secret_key_required testmode_charges_only',
    ],
    ['BackendThrottled', 'StripeRateLimitError', 'rate_limit_error', 'rate_limit'],
    ['BackendFailed', 'StripeAPIError StripeUnknownError', 'api_error', ''],
    [
      'BackendUnavailable',
      'StripeConnectionError',
      '',
      `approve_with_id idempotency_key_in_use issuer_not_available lock_timeout processing_error reenter_transaction
       try_again_later`,
    ],
  ])('%s', (type, types, rawTypes, codes) => {
    const of = (text: string, fields: (word: string) => object) =>
      words(text).map((word) => [word, typeOf(fields(word))] as const);
    const got = [
      ...of(types, (word) => ({ type: word })),
      ...of(rawTypes, (word) => ({ rawType: word })),
      // The code goes before the type, and the reason of a bank before both.
      ...of(codes, (code) => ({ type: 'StripeAPIError', code })),
      ...of(codes, (word) => ({ type: 'StripeCardError', code: 'card_declined', decline_code: word })),
    ];
    expect(got).toEqual(got.map(([word]) => [word, type]));
  });
});

describe('Twilio', () => {
  it.each<[FailureType, string]>([
    ['BackendAuthFailed', '10001 20003 20005 20006 20008 20101 20103 20104 20107 21408 21606 21660 30002 30034 30035'],
    ['BackendThrottled', '14107 20429 21611 30001 30022 30023 51002 63018 63038'],
    ['BackendUnavailable', '20503 30003 30008 30017 52110 63013'],
    ['BackendFailed', '20500'],
    ['BackendTimeout', '20504 30009'],
    [
      'BackendRejected',
      `20001 20002 20404 21201 21210 21211 21212 21214 21217 21601 21602 21603 21604 21605 21608 21610 21612 21614 21617
       21619 21620 30004 30005 30006 30007 30010 30011 30018 30019 30032`,
    ],
  ])('%s', (type, numbers) => {
    const all = words(numbers);
    // The status says something else, and the number goes before it.
    const status = type === 'BackendRejected' ? 500 : 400;
    const got = all.map((code) => [code, typeOf({ name: 'RestException', code: Number(code), status })]);
    expect(Object.fromEntries(got)).toEqual(allMean(type, all));
  });

  it.each([
    [503, 'BackendFailed'],
    [404, 'BackendRejected'],
  ])('an unknown number with HTTP %i is %s', (status, type) => {
    const fields = { name: 'RestException', code: 99_999, status };
    expect(classify(Object.assign(new Error('it failed'), fields), 0)).toMatchObject({ type, provider: 'twilio' });
  });
});
