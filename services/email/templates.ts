/** The product's own messages, each in text and HTML. */
import { markup, type Markup } from '../../contracts/values/markup.ts';
import { plainText } from './plain-text.ts';
import type { DigestFigures, EmailTemplates, TemplatedEmail } from './port.ts';

/** Creates the messages of an application at `publicUrl` (without a trailing slash). */
export function createEmailTemplates(publicUrl: string): EmailTemplates {
  // The token comes from another system and is encoded, so that it cannot end the parameter.
  const link = (path: string, token: string): string => `${publicUrl}/${path}?token=${encodeURIComponent(token)}`;
  return {
    verification: (token) =>
      page(
        'Verify Your Email',
        markup`<p>Click the link below to verify your email address:</p>
${button(link('verify', token), 'Verify Email')}
<p>This link will expire in 24 hours.</p>
<p>If you did not ask for this message, you can ignore it.</p>`,
      ),
    passwordReset: (token) =>
      page(
        'Reset Your Password',
        markup`<p>Click the link below to reset your password:</p>
${button(link('reset-password', token), 'Reset Password')}
<p>This link will expire in 1 hour.</p>
<p>If you did not ask for this message, you can ignore it: your password stays as it is.</p>`,
      ),
    welcome: (name) =>
      page(
        'Welcome',
        markup`<p>${greeting(name)}</p>
<p>Your account is ready.</p>
${button(publicUrl, 'Open the application')}`,
      ),
    digest: (name, week, figures) =>
      page(
        'Your weekly digest',
        markup`<p>${greeting(name)}</p>\n${digestBody(week, figures)}\n${button(publicUrl, 'Open the application')}`,
      ),
    reminder: (name, days) =>
      page(
        'We have not seen you for a while',
        markup`<p>${greeting(name)}</p>
<p>You were last here ${String(days)} days ago. What you left is still here.</p>
${button(publicUrl, 'Open the application')}`,
      ),
  };
}

function greeting(name: string): string {
  return name.trim() === '' ? 'Hello,' : `Hello ${name.trim()},`;
}

function digestBody(week: string, { completed, failed, pages }: DigestFigures): Markup {
  if (completed + failed === 0) return markup`<p>No documents were read for you in the week ${week}.</p>`;
  return markup`<p>What was read for you in the week ${week}:</p>
<ul>
<li>Documents read: ${String(completed)}</li>
<li>Pages: ${String(pages)}</li>
<li>Documents that could not be read: ${String(failed)}</li>
</ul>`;
}

function button(url: string, label: string): Markup {
  return markup`<p><a href="${url}">${label}</a></p>`;
}

function page(subject: string, body: Markup): TemplatedEmail {
  const html = markup`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${subject}</title></head>
<body style="font-family: sans-serif; line-height: 1.5; color: #222">
<h2>${subject}</h2>
${body}
</body>
</html>
`.html;
  return { subject, html, text: plainText(html) };
}
