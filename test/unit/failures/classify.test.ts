/** Which failure an error of others is: tables of what services, databases and systems really throw. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { failures, type FailureType, isFailureType, PerennialError } from '../../../contracts/failures.ts';
import { classify } from '../../../contracts/failures/foreign/classify.ts';
import { httpFailureType } from '../../../contracts/failures/foreign/http.ts';
import { smtpFailureType } from '../../../contracts/failures/foreign/smtp.ts';

const NOW = Date.parse('Sat, 14 Mar 2026 10:00:00 GMT');
const classOf = (type: FailureType): string => failures[type].class;
const of = (fields: object, message = 'it failed') => classify(Object.assign(new Error(message), fields), NOW);

describe('HTTP', () => {
  it.each<[number, FailureType, string]>([
    [301, 'BackendRejected', 'permanent'],
    [400, 'BackendRejected', 'permanent'],
    [401, 'BackendAuthFailed', 'configuration'],
    [403, 'BackendRejected', 'permanent'],
    [404, 'BackendRejected', 'permanent'],
    [408, 'BackendTimeout', 'transient'],
    [407, 'BackendAuthFailed', 'configuration'],
    [409, 'BackendRejected', 'permanent'],
    [420, 'BackendThrottled', 'throttled'],
    [421, 'BackendUnavailable', 'transient'],
    [422, 'BackendRejected', 'permanent'],
    [423, 'BackendUnavailable', 'transient'],
    [425, 'BackendUnavailable', 'transient'],
    [429, 'BackendThrottled', 'throttled'],
    [500, 'BackendFailed', 'transient'],
    [501, 'BackendRejected', 'permanent'],
    [502, 'BackendFailed', 'transient'],
    [503, 'BackendFailed', 'transient'],
    [504, 'BackendTimeout', 'transient'],
    [505, 'BackendRejected', 'permanent'],
    [509, 'BackendThrottled', 'throttled'],
    [511, 'BackendAuthFailed', 'configuration'],
    [529, 'BackendThrottled', 'throttled'],
  ])('%i is %s (%s), wherever a library keeps it', (status, type, kind) => {
    const kept = [{ status }, { statusCode: status }, { response: { status } }, { response: { statusCode: status } }];
    for (const fields of [...kept, { $metadata: { httpStatusCode: status } }])
      expect(of(fields)).toMatchObject({ type });
    expect(classOf(type)).toBe(kind);
  });

  it('knows every status from 300 to 599 and no other', () => {
    for (let status = 300; status < 600; status += 1) expect(isFailureType(httpFailureType(status))).toBe(true);
    for (const status of [0, 200, 299, 600, 404.5, NaN, -1]) expect(httpFailureType(status)).toBeUndefined();
    expect(of({ status: 200 }).type).toBe('Unexpected');
  });

  it.each<[string, unknown]>([
    ['an object', { 'retry-after': '17' }],
    ['an object with capitals', { 'Retry-After': 17 }],
    ['Headers of fetch', new Headers({ 'retry-after': '17' })],
    ['a date', { 'retry-after': 'Sat, 14 Mar 2026 10:00:17 GMT' }],
  ])('429 carries the wait from %s, and whose service it was', (_, headers) => {
    for (const fields of [{ status: 429, headers }, { response: { status: 429, headers } }])
      expect(of({ ...fields, config: { url: 'https://api.example.com:8443/v1?key=secret' } })).toMatchObject({
        type: 'BackendThrottled',
        retryAfterMs: 17_000,
        provider: 'api.example.com:8443',
      });
    expect(of({ status: 503, headers })).toMatchObject({ type: 'BackendThrottled', retryAfterMs: 17_000 });
  });

  it('a Response that is thrown itself is understood', () => {
    const thrown = new Response('', { status: 429, headers: { 'retry-after': '3' } });
    expect(classify(thrown, NOW)).toMatchObject({ type: 'BackendThrottled', retryAfterMs: 3_000 });
  });
});

describe('mail servers', () => {
  it.each<[number, string, FailureType]>([
    [421, '421 4.7.0 Try again later', 'EmailGreylisted'],
    [421, '421 Service not available', 'EmailGreylisted'],
    [432, '432 Transition', 'EmailAuthFailed'],
    [450, '450 4.2.1 Mailbox busy', 'EmailDeferred'],
    [450, '450 4.7.1 Greylisted', 'EmailGreylisted'],
    [451, '451 Local error', 'EmailDeferred'],
    [452, '452 4.2.2 Mailbox full', 'EmailDeferred'],
    [530, '530 5.7.0 Must issue a STARTTLS command first', 'EmailAuthFailed'],
    [521, '521 Takes no mail', 'RecipientRejected'],
    [534, '534 Too weak', 'EmailAuthFailed'],
    [538, '538 Encryption required', 'EmailAuthFailed'],
    [535, '535 5.7.8 Bad credentials', 'EmailAuthFailed'],
    [535, '535 Bad credentials', 'EmailAuthFailed'],
    [550, '550 5.1.1 No such user', 'RecipientRejected'],
    [550, '550 5.7.1 Spam', 'MessageRejected'],
    [550, '550-5.1.1 no such user', 'RecipientRejected'],
    [550, '550 nobody', 'RecipientRejected'],
    [551, '551 Not local', 'RecipientRejected'],
    [553, '553 Not allowed', 'RecipientRejected'],
    [556, '556 Does not take mail', 'RecipientRejected'],
    [550, '550 5.2.3 Too long', 'MessageRejected'],
    [550, '550 5.5.2 Syntax', 'MessageRejected'],
    [550, '550 5.6.1 Media', 'MessageRejected'],
    [550, '550 5.7.8 Credentials', 'EmailAuthFailed'],
    [550, '550 5.7.9 Mechanism', 'EmailAuthFailed'],
    [550, '550 5.7.11 Encryption', 'EmailAuthFailed'],
    [550, '550 5.7.13 Disabled', 'EmailAuthFailed'],
    [550, '550 5.7.14 Trust', 'EmailAuthFailed'],
    [554, '554 5.1.2 Bad host', 'RecipientRejected'],
    [554, '554 5.2.1 Disabled', 'RecipientRejected'],
    [552, '552 5.3.4 Too large', 'MessageRejected'],
    [552, '552 5.2.2 Over quota', 'RecipientRejected'],
    [554, '554 Refused', 'MessageRejected'],
    [555, '', 'MessageRejected'],
  ])('%i %j', (responseCode, response, type) => {
    expect(of({ responseCode, response, code: 'EENVELOPE' })).toMatchObject({ type });
  });

  it.each<[number, string, string, FailureType]>([
    [550, '550 no', 'RCPT TO', 'RecipientRejected'],
    [554, '554 no', 'RCPT TO', 'RecipientRejected'],
    [550, '550 no', 'DATA', 'MessageRejected'],
    [550, '550 5.1.1 no', 'DATA', 'RecipientRejected'],
    [535, '535 no', 'RCPT TO', 'EmailAuthFailed'],
    [450, '450 no', 'RCPT TO', 'EmailDeferred'],
    [450, '450 please try again in 300 seconds', 'RCPT TO', 'EmailGreylisted'],
    [451, '451 Temporarily deferred, new sender', 'RCPT TO', 'EmailGreylisted'],
    [550, '550 Graylisted', 'DATA', 'EmailGreylisted'],
  ])('%i %j to %s', (responseCode, response, command, type) => {
    expect(of({ responseCode, response, command })).toMatchObject({ type });
  });

  it('every code from 400 to 599 has a meaning', () => {
    for (let code = 400; code < 600; code += 1) expect(isFailureType(smtpFailureType(code))).toBe(true);
    for (const code of [0, 250, 354, 600]) expect(smtpFailureType(code)).toBeUndefined();
  });
});

describe('errors of systems and libraries', () => {
  it('real ones: a refused connection, a time-out, an abort, a missing file, a reset, a worker without memory', async () => {
    const thrown = async (work: () => Promise<unknown>): Promise<unknown> =>
      work().then(
        () => undefined,
        (error: unknown) => error,
      );
    const server = createServer((request, response) => {
      if (request.url === '/reset') response.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const aborted = AbortSignal.abort();
    const typeOf = async (work: () => Promise<unknown>) => classify(await thrown(work), NOW).type;
    expect(await typeOf(() => fetch(at, { signal: AbortSignal.timeout(30) }))).toBe('BackendTimeout');
    expect(await typeOf(() => fetch(at, { signal: aborted }))).toBe('BackendTimeout');
    expect(await typeOf(() => fetch(`${at}/reset`))).toBe('BackendUnavailable');
    expect(await typeOf(() => readFile('/nothing/here'))).toBe('FileMissing');
    expect(await typeOf(() => Promise.resolve().then(() => 'x'.repeat(2 ** 30)))).toBe('OutOfMemory');
    const full = new Worker('const a = []; while (true) a.push(new Array(100000).fill(1));', {
      eval: true,
      resourceLimits: { maxOldGenerationSizeMb: 8 },
    });
    const outOfMemory = await new Promise((done) => full.once('error', done));
    expect(classify(outOfMemory, NOW).type).toBe('OutOfMemory');
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    expect(await typeOf(() => fetch(at))).toBe('BackendUnavailable');
  });

  it('the outermost error that says something counts, and causes where it says nothing', () => {
    const reset = Object.assign(new Error('socket'), { code: 'ECONNRESET' });
    expect(classify(new TypeError('fetch failed', { cause: reset }), NOW).type).toBe('BackendUnavailable');
    expect(classify(new AggregateError([reset], 'all failed'), NOW).type).toBe('BackendUnavailable');
    const late = Object.assign(new Error('late', { cause: reset }), { code: 'ETIMEDOUT' });
    expect(classify(late, NOW).type).toBe('BackendTimeout');
    const own = new PerennialError('CorruptDocument', 'broken');
    expect(classify(new Error('around', { cause: own }), NOW)).toMatchObject({ type: 'CorruptDocument' });
  });
});

describe('Stripe', () => {
  it('and Twilio are named as the provider', () => {
    expect(of({ type: 'StripeCardError', statusCode: 402 })).toMatchObject({ provider: 'stripe' });
    expect(of({ rawType: 'api_error' })).toMatchObject({ provider: 'stripe' });
    const moreInfo = 'https://www.twilio.com/docs/errors/21610';
    expect(of({ code: 21_610, moreInfo })).toMatchObject({ type: 'BackendRejected', provider: 'twilio' });
  });

  it('the wait that Stripe asks for is kept', () => {
    const throttled = { type: 'StripeRateLimitError', headers: { 'retry-after': '5' } };
    expect(of(throttled)).toMatchObject({ retryAfterMs: 5_000, provider: 'stripe' });
    expect(of({ type: 'rate_limit_error', status: 429 })).not.toHaveProperty('provider', 'stripe');
  });
});
