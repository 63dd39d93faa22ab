/** Single text messages through the real activity, ledger and official client, over a real socket. */
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/email-tests.ts';
import { messageTests, text } from '../../support/messages.ts';

const tests = messageTests();

describe('a message is sent once', () => {
  it('hands it to the provider with sender and text, and counts its parts and their cost', async () => {
    const { run, inbox } = await tests.setUp();
    const message = text({ to: '+49 151 1234-5678', body: '😀'.repeat(36) });
    const result = await run('messages.send', message);
    expect(result).toMatchObject({ status: 'sent', encoding: 'ucs2', segments: 2, cost: '0.015800' });
    const kept = inbox.texts.list({ limit: 10 });
    expect(kept).toMatchObject([{ to: '+4915112345678', from: '+15005550006', body: message.body }]);
    expect(result).toMatchObject({ sid: kept[0]?.sid });
    expect(await tests.ledgerRow(message.messageKey)).toMatchObject({ state: 'accepted', provider_sid: kept[0]?.sid });
  });

  it('answers a second call with the same key by the first result, also when both come at once', async () => {
    const { run, inbox } = await tests.setUp();
    const message = text();
    const [one, two] = await Promise.all([run('messages.send', message), run('messages.send', message)]);
    expect(one).toEqual(two);
    expect(await run('messages.send', message)).toEqual(one);
    expect(inbox.texts.total).toBe(1);
  });

  it('refuses a key under which another number was refused', async () => {
    const { run, inbox } = await tests.setUp();
    const message = text({ to: '+15005550009' });
    await failureOf(run('messages.send', message));
    const failure = await failureOf(run('messages.send', { ...message, to: '+4915112345679' }));
    expect(failure).toMatchObject({ type: 'MessageKeyReused', nonRetryable: true });
    expect(inbox.texts.total).toBe(0);
  });

  it('refuses a key under which another number was written to', async () => {
    const { run, inbox } = await tests.setUp();
    const message = text();
    await run('messages.send', message);
    const failure = await failureOf(run('messages.send', { ...message, to: '+4915112345679' }));
    expect(failure).toMatchObject({ type: 'MessageKeyReused', nonRetryable: true });
    expect(inbox.texts.total).toBe(1);
  });

  it('asks the provider what became of a message that it took without an answer, and sends nothing twice', async () => {
    let hangUps = 1;
    const { run, inbox } = await tests.setUp(() => (hangUps-- > 0 ? 'take and hang up' : undefined));
    const message = text();
    const failure = await failureOf(run('messages.send', message));
    expect(failure).toMatchObject({ type: 'BackendUnavailable', nonRetryable: false });
    expect(await tests.ledgerRow(message.messageKey)).toMatchObject({ state: 'deferred', provider_sid: null });
    const result = await run('messages.send', message, 2);
    expect(inbox.texts.total).toBe(1);
    expect(result).toMatchObject({ status: 'sent', sid: inbox.texts.list({ limit: 1 })[0]?.sid });
  });

  it('finds two messages with the same words as two, and sends the one that was not taken', async () => {
    let refusals = 1;
    const { run, inbox } = await tests.setUp(() =>
      refusals-- > 0 ? { status: 500, code: 20500, message: 'Internal Server Error' } : undefined,
    );
    const [lost, taken] = [text(), text()];
    expect(await failureOf(run('messages.send', lost))).toMatchObject({ type: 'BackendFailed' });
    await run('messages.send', taken);
    await run('messages.send', lost, 2);
    expect(inbox.texts.total).toBe(2);
  });

  it('sends again without asking when the provider was not there at all', async () => {
    const { run, inbox } = await tests.setUp(undefined, { apiUrl: 'http://127.0.0.1:9' });
    const message = text();
    expect(await failureOf(run('messages.send', message))).toMatchObject({ type: 'BackendUnavailable' });
    expect(await tests.ledgerRow(message.messageKey)).toMatchObject({ state: 'deferred', asked_at: null });
    expect(inbox.texts.total).toBe(0);
  });

  it('takes over from an attempt that died, once its lease is over', async () => {
    const { run, inbox } = await tests.setUp();
    const message = text();
    await tests.test.db.query(
      `insert into text_messages (message_key, recipient_hash, message_type, state, claim, lease_until, asked_at)
       values ($1, encode(sha256('+4915112345678'), 'hex'), 'direct', 'sending', gen_random_uuid(),
         now() + interval '700 milliseconds', now())`,
      [message.messageKey],
    );
    const begun = performance.now();
    await run('messages.send', message);
    expect(performance.now() - begun).toBeGreaterThan(600);
    expect(inbox.texts.total).toBe(1);
  });
});

describe('a refusal has its class, and nothing is sent', () => {
  const refusal =
    (code: number, status = 400) =>
    () => ({ status, code, message: 'to +4915112345678' });
  it.each([
    [21211, 400, 'InvalidPhoneNumber', true],
    [21614, 400, 'LandlineNumber', true],
    [21610, 400, 'RecipientOptedOut', true],
    [21612, 400, 'BackendRejected', true],
    [20003, 401, 'BackendAuthFailed', true],
    [21408, 400, 'BackendAuthFailed', true],
    [20500, 500, 'BackendFailed', false],
    [20503, 503, 'BackendUnavailable', false],
  ])('error %i, HTTP %i, is %s', async (code, status, type, nonRetryable) => {
    const { run, inbox, logged } = await tests.setUp(refusal(code, status));
    const failure = await failureOf(run('messages.send', text()));
    expect(failure).toMatchObject({ type, nonRetryable });
    expect(failure.message).toContain(String(code));
    expect(`${failure.message} ${logged.join(' ')}`).not.toContain('4915112345678');
    expect(inbox.texts.total).toBe(0);
  });

  it('waits as long as the provider asks when it has too many requests', async () => {
    const { run } = await tests.setUp(() => ({ status: 429, code: 20429, message: 'x', retryAfterS: 17 }));
    const failure = await failureOf(run('messages.send', text()));
    expect(failure).toMatchObject({ type: 'BackendThrottled', nonRetryable: false, nextRetryDelay: 17_000 });
  });

  it.each([
    ['an emergency number', { to: '112' }, 'EmergencyNumber'],
    ['a landline', { to: '+493012345678' }, 'LandlineNumber'],
    ['no number', { to: 'call me' }, 'InvalidPhoneNumber'],
    ['a number of the wrong type', { to: 4_915_112_345_678 }, 'InvalidInput'],
    ['no text', { body: '' }, 'InvalidInput'],
    ['1,601 characters', { body: 'a'.repeat(1_601) }, 'MessageTooLong'],
    ['1,600 characters and an emoji', { body: `${'a'.repeat(1_600)}😀` }, 'MessageTooLong'],
    ['a field that nobody knows', { sender: 'me' }, 'InvalidInput'],
  ])('refuses %s before the provider is asked', async (_what, fields, type) => {
    const { run, inbox } = await tests.setUp();
    const message = text(fields);
    expect(await failureOf(run('messages.send', message))).toMatchObject({ type, nonRetryable: true });
    expect(inbox.texts.total).toBe(0);
    expect(await tests.ledgerRow(message.messageKey)).toBeUndefined();
  });

  it('sends exactly 1,600 characters with an emoji', async () => {
    const { run } = await tests.setUp();
    const body = `${'a'.repeat(1_598)}😀`;
    expect(await run('messages.send', text({ body }))).toMatchObject({ encoding: 'ucs2', segments: 24 });
  });

  it('sends nothing to a number that opted out between two attempts', async () => {
    let hangUps = 1;
    const { run, inbox } = await tests.setUp(() =>
      hangUps-- > 0 ? { status: 503, code: 20503, message: 'away' } : undefined,
    );
    const message = text({ to: '+4915112340000' });
    await failureOf(run('messages.send', message));
    await tests.test.db.query(
      `insert into text_opt_outs (recipient_hash) values (encode(sha256('+4915112340000'), 'hex'))`,
    );
    expect(await failureOf(run('messages.send', message, 2))).toMatchObject({ type: 'RecipientOptedOut' });
    expect(await failureOf(run('messages.send', text({ to: '+4915112340000' })))).toMatchObject({
      type: 'RecipientOptedOut',
    });
    expect(inbox.texts.total).toBe(0);
  });

  it('says what to set when there is no provider', async () => {
    const { run } = await tests.setUp(undefined, { accountSid: undefined });
    const failure = await failureOf(run('messages.send', text()));
    expect(failure).toMatchObject({ type: 'MessagingNotConfigured' });
    expect(failure.message).toContain('TWILIO_ACCOUNT_SID');
  });
});
