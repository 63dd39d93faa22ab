/** What codes and names of errors mean: of the system, of Node, undici, fetch and axios, and of the clouds. */
import type { FailureType } from '../../failures.ts';

/** Codes, and names of errors that have none, by what they mean. */
const BY_TYPE: { readonly [Type in FailureType]?: readonly string[] } = {
  BackendUnavailable: [
    ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'],
    ...[
      'ENETRESET',
      'ENOTCONN',
      'ENOTFOUND',
      'EAI_AGAIN',
      'EAI_FAIL',
      'EAI_NODATA',
      'EAI_NONAME',
      'ENODATA',
      'EADDRNOTAVAIL',
    ],
    ...[
      'EREFUSED',
      'ESERVFAIL',
      'ECONNECTION',
      'ESOCKET',
      'ERR_NETWORK',
      'ERR_STREAM_PREMATURE_CLOSE',
      'ERR_HTTP2_STREAM_ERROR',
    ],
    ...['ERR_HTTP2_SESSION_ERROR', 'ERR_HTTP2_GOAWAY_SESSION', 'ERR_SOCKET_CLOSED', 'HPE_INVALID_CONSTANT'],
    ...[
      'UND_ERR_SOCKET',
      'UND_ERR_CLOSED',
      'UND_ERR_DESTROYED',
      'UND_ERR_PRX_TLS',
      'ConnectionError',
      'FetchError',
      'NetworkError',
    ],
  ],
  BackendTimeout: [
    ...[
      'ETIMEDOUT',
      'ETIMEOUT',
      'ESOCKETTIMEDOUT',
      'UND_ERR_CONNECT_TIMEOUT',
      'UND_ERR_HEADERS_TIMEOUT',
      'UND_ERR_BODY_TIMEOUT',
    ],
    ...['UND_ERR_ABORTED', 'ABORT_ERR', 'ERR_CANCELED', 'ERR_SOCKET_CONNECTION_TIMEOUT', 'AbortError', 'TimeoutError'],
  ],
  BackendThrottled: [
    'ThrottlingException',
    'TooManyRequestsException',
    'RequestLimitExceeded',
    'SlowDown',
    'RateLimitError',
  ],
  BackendRejected: [
    ...[
      'ERR_FR_TOO_MANY_REDIRECTS',
      'ERR_BAD_REQUEST',
      'ERR_BAD_OPTION',
      'ERR_NOT_SUPPORT',
      'ERR_INVALID_URL',
      'ERR_INVALID_PROTOCOL',
    ],
    ...[
      'UND_ERR_INVALID_ARG',
      'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
      'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
      'UND_ERR_NOT_SUPPORTED',
    ],
    ...['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_EXCEEDED_MAX_SIZE', 'HPE_HEADER_OVERFLOW', 'ERR_UNESCAPED_CHARACTERS'],
  ],
  BackendFailed: ['ERR_BAD_RESPONSE', 'UND_ERR_RESPONSE'],
  BackendUntrusted: [
    ...[
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
    ],
    ...[
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'CERT_HAS_EXPIRED',
      'CERT_NOT_YET_VALID',
      'CERT_REVOKED',
      'CERT_UNTRUSTED',
      'CERT_REJECTED',
    ],
    ...[
      'CERT_SIGNATURE_FAILURE',
      'HOSTNAME_MISMATCH',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'EPROTO',
    ],
  ],
  StorageFull: ['ENOSPC', 'EDQUOT'],
  StorageUnavailable: ['EIO', 'ENXIO', 'ENODEV', 'ESTALE'],
  SystemBusy: [
    ...[
      'EMFILE',
      'ENFILE',
      'EAGAIN',
      'EBUSY',
      'EINTR',
      'ENOMEM',
      'ENOBUFS',
      'EADDRINUSE',
      'ETXTBSY',
      'EWOULDBLOCK',
      'ELOCKED',
    ],
  ],
  SystemRefused: [
    'EACCES',
    'EPERM',
    'EROFS',
    'ENOSYS',
    'ENOEXEC',
    'ERR_ACCESS_DENIED',
    'ERR_DLOPEN_FAILED',
    'ERR_MODULE_NOT_FOUND',
  ],
  FileMissing: ['ENOENT', 'ENOTDIR', 'EISDIR'],
  PermanentError: [
    'EINVAL',
    'ENAMETOOLONG',
    'ELOOP',
    'EFBIG',
    'E2BIG',
    'EEXIST',
    'ENOTEMPTY',
    'EXDEV',
    'EILSEQ',
    'ValueError',
    'PermanentError',
  ],
  TemporaryError: ['TemporaryError'],
  RetryableError: ['RetryableError'],
  OutOfMemory: [
    'ERR_WORKER_OUT_OF_MEMORY',
    'ERR_STRING_TOO_LONG',
    'ERR_BUFFER_TOO_LARGE',
    'ERR_MEMORY_ALLOCATION_FAILED',
  ],
};

const CODES: ReadonlyMap<string, FailureType> = new Map(
  Object.entries(BY_TYPE).flatMap(([type, codes]) => codes.map((code) => [code, type as FailureType] as const)), // `entries` loses the types
);

/** Returns the failure that a code, or the name of an error, means; `undefined` for one that is not foreseen. */
export function codeFailureType(code: string): FailureType | undefined {
  return CODES.get(code);
}

/** Messages of V8 about memory, which has no codes for it. */
const MEMORY = /heap out of memory|^(?:Array buffer allocation failed|Invalid (?:string|array|typed array) length)/;

/** Says whether a message is one of V8 about memory. */
export function isAboutMemory(message: string): boolean {
  return MEMORY.test(message.slice(0, 500));
}
