/** What is refused, by mail servers and by us: each a clear failure that tells nobody who was written to. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureOf, emailTests, message } from '../../support/email-tests.ts';
import { parsed } from '../../support/servers/smtp.ts';

const tests = emailTests();

describe('what a mail server answers', () => {
  it.each([
    ['550 5.1.1 <ann@example.com>: unknown user', 'RecipientRejected', undefined],
    ['452 4.2.2 mailbox full', 'EmailDeferred', 60_000],
    ['450 4.2.0 <ann@example.com>: greylisted, see http://greylist.example/ann', 'EmailGreylisted', 300_000],
    ['451 4.7.1 Greylisting in action, please try again in 120 seconds', 'EmailGreylisted', 120_000],
    ['421 4.7.0 too many connections', 'EmailGreylisted', 300_000],
    ['550 5.7.1 you are greylisted for 2 minutes, retry after 2 minutes', 'EmailGreylisted', 120_000],
    ['530 5.7.0 authentication required', 'EmailAuthFailed', undefined],
  ])('EMAIL-1 RETRY-2 "%s" is %s', async (answer, type, delayMs) => {
    const [code = '', ...words] = answer.split(' ');
    const { world } = await tests.setUp({ recipient: () => ({ code: Number(code), text: words.join(' ') }) });
    const input = message();
    const failure = await failureOf(world.run('email.send', input));
    expect(failure.type).toBe(type);
    expect(failure.nextRetryDelay).toBe(delayMs);
    expect(failure.nonRetryable).toBe(delayMs === undefined);
    // Neither failure nor log nor row tells who was written to.
    expect(
      [failure.message, ...world.logged, JSON.stringify(await tests.ledgerRow(input.messageKey))].join(),
    ).not.toMatch(/ann|greylist\.example/);
  });

  it('554 after the message is MessageRejected, and links that the server quotes are left out', async () => {
    const text = '5.7.1 spam: https://app.example.com/verify?token=tok-123 of ann@example.com';
    const { world } = await tests.setUp({ message: () => ({ code: 554, text }) });
    const failure = await failureOf(world.run('email.send', message()));
    expect(failure).toMatchObject({ type: 'MessageRejected', nonRetryable: true });
    expect(failure.message).toBe(
      'expected the mail server to take the message, got: 554 5.7.1 spam: [link] of [address]',
    );
  });

  it('RETRY-2 six attempts after 60, 120, 240, 480 and 960 s', async () => {
    const { world } = await tests.setUp({ recipient: () => ({ code: 451, text: '4.3.0 try later' }) });
    const input = message();
    const delays = [];
    for (let attempt = 1; attempt <= 5; attempt += 1)
      delays.push((await failureOf(world.run('email.send', input, attempt))).nextRetryDelay);
    expect(delays).toEqual([60_000, 120_000, 240_000, 480_000, 960_000]);
  });

  it('a refused connection is transient; no server at all, a wrong password and a bad certificate are configuration', async () => {
    const { smtp } = await tests.setUp();
    await smtp.stop();
    const away = await tests.setUp({}, { url: smtp.url });
    expect(await failureOf(away.world.run('email.send', message()))).toMatchObject({
      type: 'EmailServerUnavailable',
      nonRetryable: false,
    });
    const none = await tests.setUp({}, { url: undefined });
    expect(await failureOf(none.world.run('email.send', message()))).toMatchObject({ type: 'EmailNotConfigured' });
    const locked = await tests.setUp({ user: { name: 'me', password: 'right' } });
    const wrong = await tests.setUp({}, { url: locked.smtp.url.replace('right', 'hunter2') });
    const failure = await failureOf(wrong.world.run('email.send', message()));
    expect(failure).toMatchObject({ type: 'EmailAuthFailed', nonRetryable: true });
    expect(failure.message).not.toContain('hunter2');
    await locked.world.run('email.send', message());
    expect(locked.smtp.received).toHaveLength(1);
  });

  it.each(['starttls', 'smtps'] as const)(
    'TLS by %s: a certificate that nobody vouches for is configuration',
    async (tls) => {
      const { smtp } = await tests.setUp({ tls });
      const strict = await tests.setUp({}, { url: smtp.url });
      expect(await failureOf(strict.world.run('email.send', message()))).toMatchObject({
        type: 'EmailTlsFailed',
        nonRetryable: true,
      });
      expect(smtp.received).toEqual([]);
      const trusting = await tests.setUp({}, { url: `${smtp.url}?tls.rejectUnauthorized=false` });
      await trusting.world.run('email.send', message());
      expect(smtp.received).toHaveLength(1);
      expect(smtp.received[0]?.encrypted).toBe(true);
    },
  );

  it('a silent server is transient', async () => {
    const { world } = await tests.setUp({ delayMs: 3_000 }, { timeoutMs: 300 });
    expect(await failureOf(world.run('email.send', message()))).toMatchObject({ type: 'EmailServerUnavailable' });
  });
});

describe('SEC-5 bad input', () => {
  it.each([
    ['a line break in the subject', { subject: 'Hi\r\nBcc: everybody@example.com' }, 'subject'],
    ['a lone line feed in the subject', { subject: 'Hi\nX-Evil: 1' }, 'subject'],
    ['a line break in the address', { to: 'ann@example.com\r\nBcc: bob@example.com' }, 'to'],
    ['two addresses', { to: 'ann@example.com, bob@example.com' }, 'to'],
    ['a wrong one among several', { to: ['ann@example.com', 'bob'] }, 'to[1]'],
    ['a local part beyond ASCII', { to: 'jörg@example.com' }, 'to'],
    ['nobody', { to: [] }, 'to'],
    ['a line break in a name', { cc: ['Ann\r\nX-Evil: 1 <ann@example.com>'] }, 'cc[0]'],
    ['a wrong address for answers', { replyTo: ['ann'] }, 'replyTo[0]'],
    ['no address', { to: 'ann' }, 'to'],
    ['an empty address', { to: '' }, 'to'],
    [
      'a line break in a file name',
      { attachments: [{ path: 'a', filename: 'a"\r\nX: y.pdf' }] },
      'attachments[0].filename',
    ],
    ['a text in place of a list', { bcc: 'bob@example.com' }, 'bcc'],
    ['an unknown field', { sender: 'bob@example.com' }, 'sender'],
    ['no subject', { subject: '' }, 'subject'],
  ])('refuses %s and names the field', async (_what, fields, field) => {
    const { smtp, world } = await tests.setUp();
    const failure = await failureOf(world.run('email.send', message(fields)));
    expect(failure).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
    expect(failure.message).toContain(`email.send: ${field}`);
    expect(failure.message).not.toMatch(/everybody|bob@/);
    expect(smtp.received).toEqual([]);
  });

  it('refuses a file of the disk whose name would break out of its header', async () => {
    const { smtp, world } = await tests.setUp();
    const evil = path.join(tests.folder, 'a\r\nBcc: bob@example.com\r\n.pdf');
    await writeFile(evil, 'x');
    const failure = await failureOf(world.run('email.send', message({ attachments: [{ path: evil }] })));
    expect(failure).toMatchObject({ type: 'UnsafeHeader', nonRetryable: true });
    expect(smtp.received).toEqual([]);
  });

  it('a hostile name is text in HTML messages', async () => {
    const { smtp, world } = await tests.setUp();
    const name = `<script>alert('x')</script><img src=x onerror="y">`;
    await world.run('email.sendWelcome', { to: 'mallory@example.com', name });
    const email = await parsed(smtp.received[0]);
    expect(email.html).not.toMatch(/<script|<img/);
    expect(email.html).toContain('&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
    expect(email.text).toContain(name);
  });
});
