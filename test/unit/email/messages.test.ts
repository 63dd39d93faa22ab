import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { sendEmailInputSchema } from '../../../contracts/email/schema.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { escapeHtml, markup } from '../../../contracts/values/markup.ts';
import { plainText } from '../../../services/email/plain-text.ts';
import { messageIdOf, requireOneLine } from '../../../services/email/headers.ts';
import { prepareEmail } from '../../../services/email/prepare.ts';
import { createEmailTemplates } from '../../../services/email/templates.ts';

const FROM = 'Perennial <noreply@example.com>';
const envelope = {
  to: [{ address: 'ann@example.com' }],
  messageId: '<1@example.com>',
  date: new Date('2026-11-20T11:00:00.000Z'),
};

describe('SEC-5 markup', () => {
  it('any value stays text: no element, attribute or entity of its own', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const { html } = markup`<a href="${value}">${value}</a>`;
        expect(html.match(/[<>"]/g)).toEqual(['<', '"', '"', '>', '<', '>']);
        expect(html.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });

  it('markup inside markup is taken as it is, text is escaped', () => {
    expect(markup`<p>${markup`<b>${'<i>'}</b>`}</p>`.html).toBe('<p><b>&lt;i&gt;</b></p>');
    expect(escapeHtml(`&<>"'`)).toBe('&amp;&lt;&gt;&quot;&#39;');
  });
});

describe('SEC-5 header injection', () => {
  it('no text with a control character becomes a header', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('\r', '\n', '\0', '\u0085', '\u2028', '\u001b'),
        fc.string(),
        (a, bad, b) => {
          expect(() => requireOneLine(a + bad + b, 'subject')).toThrow(PerennialError);
          const input = { messageKey: 'k', to: 'a@example.com', subject: `x${a}${bad}${b}`, body: '' };
          expect(sendEmailInputSchema.safeParse(input).success).toBe(false);
        },
      ),
    );
  });

  it('any subject of one line arrives as it was, and adds no header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), async (subject) => {
        const one = subject
          .replace(/[\p{Cc}\u2028\u2029]/gu, '')
          .trim()
          .replace(/\s+/g, ' ');
        fc.pre(one !== '');
        const prepared = await prepareEmail({ subject: one, text: 'x' }, FROM, []);
        const email = await PostalMime.parse(prepared.bytes(envelope));
        expect(email.subject?.replace(/\s+/g, ' ').trim()).toBe(one);
        expect(email.headers.map(({ key }) => key).sort()).toEqual([
          'auto-submitted',
          'content-transfer-encoding',
          'content-type',
          'date',
          'from',
          'message-id',
          'mime-version',
          'subject',
          'to',
        ]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('building a message', () => {
  it('EMAIL-1 the same content, recipient, key and date are the same bytes', async () => {
    const attachments = [{ filename: 'a.txt', content: Buffer.from('a') }];
    const content = { subject: 'Hi', text: 'Hi', html: '<p>Hi</p>' };
    const [first, second] = await Promise.all([1, 2].map(() => prepareEmail(content, FROM, attachments)));
    expect(first?.bytes(envelope).equals(second?.bytes(envelope) ?? Buffer.alloc(0))).toBe(true);
    expect(first?.bytes({ ...envelope, to: [{ address: 'bob@example.com' }] }).toString()).toMatch(
      /^To: bob@example\.com\r\nMessage-ID: <1@example\.com>\r\nDate: Fri, 20 Nov 2026 11:00:00 \+0000\r\n/,
    );
  });

  it('the Message-ID tells the key from others, and tells nobody the key', () => {
    expect(messageIdOf('key-1', 'example.com')).toBe(messageIdOf('key-1', 'example.com'));
    expect(messageIdOf('key-1', 'example.com')).not.toBe(messageIdOf('key-2', 'example.com'));
    expect(messageIdOf('key-1', 'example.com')).toMatch(/^<[0-9a-f]{40}@example\.com>$/);
  });

  it('the text of an HTML message has its links and none of its markup', () => {
    expect(
      plainText('<style>p{}</style><p>A &amp; B <a href="https://x.example/?a=1&amp;b=2">go</a></p><img src="x">'),
    ).toBe('A & B go [https://x.example/?a=1&b=2]');
  });
});

describe('templates', () => {
  const templates = createEmailTemplates('https://app.example.com');

  it('P3-24 any token is one parameter of the link and comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (token) => {
        for (const [email, path] of [
          [templates.verification(token), '/verify'],
          [templates.passwordReset(token), '/reset-password'],
        ] as const) {
          const href = /href="([^"]*)"/.exec(email.html)?.[1]?.replaceAll('&#39;', "'") ?? '';
          const url = new URL(href);
          expect([url.origin, url.pathname]).toEqual(['https://app.example.com', path]);
          expect([...url.searchParams.entries()]).toEqual([['token', token]]);
        }
      }),
    );
  });

  it('EMAIL-2 EMAIL-3 EMAIL-5 subjects and promises', () => {
    const verification = templates.verification('t');
    expect(verification.subject).toBe('Verify Your Email');
    expect(verification.text).toMatch(
      /Click the link below to verify your email address:[\s\S]*This link will expire in 24 hours\./,
    );
    const reset = templates.passwordReset('t');
    expect(reset.subject).toBe('Reset Your Password');
    expect(reset.text).toMatch(/Click the link below to reset your password:[\s\S]*This link will expire in 1 hour\./);
    expect(templates.welcome('').text).toContain('Hello,');
    expect(templates.welcome(' Ann ').text).toContain('Hello Ann,');
  });
});
