/** Sends through the real activities, ledger and SMTP pool to a real SMTP server. */
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../contracts/values/email-address.ts';
import { failureOf, emailTests, message } from '../../support/email-tests.ts';
import { digestOf, parsed } from '../../support/servers/smtp.ts';

const tests = emailTests();

/** The test server shows international domains as people write them. */
const asciiDomain = (address: string): string => parseAddress(address) ?? address;

describe('email.send', () => {
  it('EMAIL-1 sends a text message and answers {status: "sent", recipient}', async () => {
    const { smtp, world } = await tests.setUp();
    const input = message({ subject: 'Grüße, 你好' });
    const sent = await world.run('email.send', input);
    expect(sent).toMatchObject({ status: 'sent', recipient: 'ann@example.com' });
    const email = await parsed(smtp.received[0]);
    expect(email).toMatchObject({
      subject: 'Grüße, 你好',
      from: { address: 'noreply@example.com', name: 'Perennial' },
    });
    expect(email.to).toEqual([{ address: 'ann@example.com', name: '' }]);
    expect(email.text?.trim()).toBe('Good morning.');
    expect(email.html).toBeUndefined();
    expect(email.messageId).toBe((sent as { messageId: string }).messageId);
  });

  it('EMAIL-1 an HTML message has a text part as well', async () => {
    const { smtp, world } = await tests.setUp();
    await world.run(
      'email.send',
      message({ html: true, body: '<h1>Hi</h1><p>See <a href="https://x.example/a">this</a></p>' }),
    );
    const email = await parsed(smtp.received[0]);
    expect(email.html).toContain('<h1>Hi</h1>');
    expect(email.text).toMatch(/HI[\s\S]*this[\s\S]*https:\/\/x\.example\/a/);
  });

  it('EMAIL-9 several recipients get one message each, headers name all but the blind ones, answers go where they should', async () => {
    const { smtp, world } = await tests.setUp();
    const input = message({
      to: ['Jörg Müller <joerg@müller.de>', 'admin'],
      cc: ['"Lovelace, Ada" <ada@example.com>', 'JOERG@müller.de'],
      bcc: ['bob@example.com'],
      replyTo: ['Support <help@example.com>'],
    });
    const sent = await world.run('email.send', input);
    const everybody = ['joerg@xn--mller-kva.de', 'admin@example.com', 'ada@example.com', 'bob@example.com'];
    expect(sent).toMatchObject({ status: 'sent', recipient: everybody[0], recipients: everybody });
    expect(smtp.received.map(({ to }) => asciiDomain(to)).sort()).toEqual(everybody.toSorted());
    expect(new Set(smtp.received.map(({ messageId }) => messageId)).size).toBe(1);
    const email = await parsed(smtp.received[0]);
    expect(email.to).toEqual([
      { name: 'Jörg Müller', address: 'joerg@xn--mller-kva.de' },
      { name: '', address: 'admin@example.com' },
    ]);
    expect(email.cc).toMatchObject([{ name: 'Lovelace, Ada', address: 'ada@example.com' }, { name: '' }]);
    expect(email.replyTo).toEqual([{ name: 'Support', address: 'help@example.com' }]);
    expect(smtp.received.map(({ raw }) => raw.toString()).join('')).not.toContain('bob@example.com');
    expect(await world.run('email.send', input)).toEqual(sent);
    expect(smtp.received).toHaveLength(4);
  });

  it('EMAIL-9 a recipient who is refused costs the others nothing, and is told with its field', async () => {
    const { smtp, world } = await tests.setUp({
      recipient: (address) => (address.startsWith('gone') ? { code: 550, text: '5.1.1 no such user' } : undefined),
    });
    const input = message({ to: ['gone@example.com', 'ann@example.com'], cc: ['bob@example.com'] });
    const failure = await failureOf(world.run('email.send', input));
    expect(failure).toMatchObject({ type: 'RecipientRejected', nonRetryable: true });
    expect(failure.message).toMatch(/^to\[0\]: .*; 2 of 3 recipients have the message$/);
    expect(smtp.received.map(({ to }) => to).sort()).toEqual(['ann@example.com', 'bob@example.com']);
    await failureOf(world.run('email.send', input));
    expect(smtp.received).toHaveLength(2);
  });

  it('IDEM-4 a second run with the same key sends nothing and gives the same answer', async () => {
    const { smtp, world } = await tests.setUp();
    const input = message();
    const first = await world.run('email.send', input);
    const second = await world.run('email.send', input);
    expect(second).toEqual(first);
    expect(smtp.received).toHaveLength(1);
    expect(await tests.ledgerRow(input.messageKey)).toMatchObject({ state: 'sent', attempts: 1, response_code: 250 });
  });

  it('a key that was used for somebody else is refused', async () => {
    const { smtp, world } = await tests.setUp();
    const input = message();
    await world.run('email.send', input);
    const failure = await failureOf(world.run('email.send', { ...input, to: 'bob@example.com' }));
    expect(failure).toMatchObject({ type: 'MessageKeyReused', nonRetryable: true });
    expect(smtp.received).toHaveLength(1);
  });

  it('P3-24 the ledger holds a hash in place of the address, and nothing of the message', async () => {
    const { world } = await tests.setUp();
    const input = message({ subject: 'secret subject', body: 'secret body' });
    await world.run('email.send', input);
    expect(JSON.stringify(await tests.ledgerRow(input.messageKey))).not.toMatch(/ann@|secret/);
  });

  it('EMAIL-8 admin stands for the address of the configuration', async () => {
    const { smtp, world } = await tests.setUp();
    await world.run('email.send', message({ to: 'admin' }));
    expect(smtp.received[0]?.to).toBe('admin@example.com');
  });

  it('an attempt that lost its answer sends the same bytes again, with the same Message-ID and date', async () => {
    const { smtp, world } = await tests.setUp({ cut: (_mail, attempt) => attempt === 1 });
    const input = message({ html: true, body: '<p>x</p>' });
    expect(await failureOf(world.run('email.send', input))).toMatchObject({ type: 'EmailServerUnavailable' });
    expect(await tests.ledgerRow(input.messageKey)).toMatchObject({ state: 'deferred' });
    await world.run('email.send', input, 2);
    expect(smtp.received).toHaveLength(2);
    expect(digestOf(smtp.received[0])).toBe(digestOf(smtp.received[1]));
    expect(await tests.ledgerRow(input.messageKey)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('a message that a dead attempt was sending is sent once its lease has run out', async () => {
    const { smtp, world } = await tests.setUp();
    const input = message();
    await world.run('email.send', input);
    // As a killed worker leaves it: noted before, not after.
    await tests.test.db.query(
      `update email_messages set state = 'sending', sent_at = null, claim = gen_random_uuid(),
         lease_until = now() + interval '1 second' where message_key = $1`,
      [input.messageKey],
    );
    const startedAt = performance.now();
    await world.run('email.send', input, 2);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(new Set(smtp.received.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await tests.ledgerRow(input.messageKey)).toMatchObject({ state: 'sent' });
  });

  it('two attempts at once send one message', async () => {
    const { smtp, world } = await tests.setUp({ delayMs: 300 });
    const input = message();
    const both = await Promise.all([world.run('email.send', input), world.run('email.send', input)]);
    expect(both[0]).toEqual(both[1]);
    expect(smtp.received).toHaveLength(1);
  });
});

describe('EMAIL-10 attachments', () => {
  it('a file of an allowed folder and a stored object go along', async () => {
    const { smtp, world } = await tests.setUp();
    await writeFile(path.join(tests.folder, 'report.pdf'), '%PDF-1.7 test');
    const ref = await world.blobs.put('reports', Buffer.from('a,b\n1,2\n'));
    const attachments = [
      { path: path.join(tests.folder, 'report.pdf') },
      { ref, filename: 'Zahlen ü.csv', contentType: 'text/csv' },
    ];
    await world.run('email.send', message({ attachments }));
    const email = await parsed(smtp.received[0]);
    expect(email.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
      ['report.pdf', 'application/pdf'],
      ['Zahlen ü.csv', 'text/csv'],
    ]);
    expect(Buffer.from(email.attachments[1]?.content as ArrayBuffer).toString()).toBe('a,b\n1,2\n');
  });

  it.each([
    ['outside the folder', '/etc/passwd', 'AttachmentNotAllowed'],
    ['above the folder', '../../etc/passwd', 'AttachmentNotAllowed'],
    ['through a link that leads outside', 'link.txt', 'AttachmentNotAllowed'],
    ['gone', 'gone.pdf', 'AttachmentMissing'],
    ['a folder', '.', 'AttachmentMissing'],
    ['too large', 'large.bin', 'AttachmentTooLarge'],
  ])('P3-24 one that is %s is a permanent failure and nothing is sent', async (_what, given, type) => {
    const { smtp, world } = await tests.setUp({}, { maxBytes: 1000 });
    await symlink('/etc/passwd', path.join(tests.folder, 'link.txt')).catch(() => undefined);
    await writeFile(path.join(tests.folder, 'large.bin'), Buffer.alloc(2000));
    const input = message({ attachments: [{ path: given }] });
    const failure = await failureOf(world.run('email.send', input));
    expect(failure).toMatchObject({ type, nonRetryable: true });
    expect(failure.message).toMatch(/^attachments\[0\]: expected/);
    expect(smtp.received).toEqual([]);
    expect(await tests.ledgerRow(input.messageKey)).toBeUndefined();
  });

  it('all attachments of a message share the limit', async () => {
    const { world } = await tests.setUp({}, { maxBytes: 1000 });
    const ref = await world.blobs.put('reports', Buffer.alloc(600));
    const attachments = [1, 2].map((n) => ({ ref, filename: `${String(n)}.bin` }));
    const failure = await failureOf(world.run('email.send', message({ attachments })));
    expect(failure).toMatchObject({ type: 'AttachmentTooLarge' });
    expect(failure.message).toContain('attachments[1]');
  });
});

describe('messages of the product', () => {
  const token = 'a+b/c=d&next=https://evil.example#"><script>';
  const encoded = encodeURIComponent(token);

  it('EMAIL-2 P3-24 the verification mail has its subject, its link with the token encoded, and 24 hours', async () => {
    const { smtp, world } = await tests.setUp();
    await world.run('email.sendVerification', { to: 'new@example.com', token });
    const email = await parsed(smtp.received[0]);
    expect(email.subject).toBe('Verify Your Email');
    expect(email.html).toContain(`href="https://app.example.com/verify?token=${encoded}"`);
    expect(email.html).toContain('This link will expire in 24 hours.');
    expect(email.text).toContain(`https://app.example.com/verify?token=${encoded}`);
    expect(email.text).toContain('24 hours');
  });

  it('EMAIL-3 P3-24 the password reset mail has its subject, its link with the token encoded, and 1 hour', async () => {
    const { smtp, world } = await tests.setUp();
    await world.run('email.sendPasswordReset', { to: 'new@example.com', token });
    const email = await parsed(smtp.received[0]);
    expect(email.subject).toBe('Reset Your Password');
    expect(email.html).toContain(`href="https://app.example.com/reset-password?token=${encoded}"`);
    expect(email.html).toContain('This link will expire in 1 hour.');
  });

  it('once per token: asking twice sends one message, another token another one', async () => {
    const { smtp, world } = await tests.setUp();
    await world.run('email.sendPasswordReset', { to: 'twice@example.com', token: 't1' });
    await world.run('email.sendPasswordReset', { to: 'twice@example.com', token: 't1' });
    await world.run('email.sendPasswordReset', { to: 'twice@example.com', token: 't2' });
    expect(smtp.received).toHaveLength(2);
    const { rows } = await tests.test.db.query('select message_key from email_messages');
    expect(JSON.stringify(rows)).not.toMatch(/t1|twice@/);
  });

  it('EMAIL-5 createUserProfile creates a profile once and leaves one that is there', async () => {
    const { world } = await tests.setUp();
    const input = { userId: 'u-1', email: 'u1@example.com', name: 'U', timeZone: 'Europe/Berlin' };
    expect(await world.run('email.createUserProfile', input)).toEqual({
      status: 'success',
      user_id: 'u-1',
      created: true,
    });
    await world.users.put([{ id: 'u-1', email: 'changed@example.com', wantsDigest: false }]);
    expect(await world.run('email.createUserProfile', input)).toMatchObject({ created: false });
    expect(await world.users.find('u-1')).toMatchObject({ email: 'changed@example.com', wantsDigest: false });
  });
});
