/** HTML pages of the development inbox; all content of messages is escaped. */
import { Markup, markup } from '../../contracts/values/markup.ts';
import type { MailView } from './reading.ts';
import type { InboxMessage } from './store.ts';
import type { InboxText } from './texts/store.ts';

const STYLE = new Markup(`
  :root { color-scheme: light dark; }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
  th { font-weight: 600; }
  td.time { white-space: nowrap; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid #8884; }
  iframe { width: 100%; height: 32rem; border: 1px solid #8884; background: #fff; }
  .quiet { opacity: .7; }
`);

/** Renders the list, newest first. */
export function listPage(messages: readonly InboxMessage[], total: number, next: number | undefined): string {
  const older = next === undefined ? '' : markup`<p><a href="/?before=${String(next)}">Older messages</a></p>`;
  const body =
    messages.length === 0
      ? markup`<p>No messages yet. What Perennial sends while <code>SMTP_URL</code> is unset arrives here and goes nowhere else.</p>`
      : markup`<table><thead><tr><th>Received</th><th>To</th><th>Subject</th><th>Copies</th></tr></thead>
<tbody>${messages.map(row)}</tbody></table>${older}`;
  return page(
    'Inbox',
    markup`<p class="quiet">${String(total)} messages kept · <a href="/texts">Text messages</a></p>${body}`,
  );
}

/** Renders the text messages, newest first. */
export function textsPage(texts: readonly InboxText[], total: number): string {
  const body =
    texts.length === 0
      ? markup`<p>No text messages yet. What Perennial sends while <code>TWILIO_ACCOUNT_SID</code> is unset arrives here and goes nowhere else.</p>`
      : markup`<table><thead><tr><th>Taken</th><th>To</th><th>Text</th><th>Status</th></tr></thead>
<tbody>${texts.map(textRow)}</tbody></table>`;
  return page(
    'Text messages',
    markup`<p class="quiet">${String(total)} text messages kept · <a href="/">Mail</a></p>${body}`,
  );
}

function textRow({ createdAt, to, body, status, errorCode }: InboxText): Markup {
  const state = errorCode === null ? status : `${status} (${String(errorCode)})`;
  return markup`<tr><td class="time">${shortTime(createdAt)}</td><td>${to}</td><td>${body}</td><td>${state}</td></tr>`;
}

function row({ id, receivedAt, to, subject, copies }: InboxMessage): Markup {
  return markup`<tr><td class="time">${shortTime(receivedAt)}</td><td>${to.join(', ')}</td>
<td><a href="/mail/${id}">${subject === '' ? '(no subject)' : subject}</a></td><td>${String(copies)}</td></tr>`;
}

/** Renders one message: headers, text, HTML in a sandboxed frame, and attachments. */
export function messagePage(message: InboxMessage, email: MailView): string {
  const { id, receivedAt, copies } = message;
  const facts: readonly (readonly [string, string])[] = [
    ['From', email.from ?? message.from],
    ['To', message.to.join(', ')],
    ['Received', shortTime(receivedAt)],
    ['Message-ID', message.messageId],
    ['Copies', String(copies)],
  ];
  const attachments = email.attachments.map(
    ({ filename, contentType }, index) =>
      markup`<li><a href="/messages/${id}/attachments/${String(index)}">${filename ?? 'unnamed'}</a> <span class="quiet">${contentType}</span></li>`,
  );
  return page(
    message.subject === '' ? '(no subject)' : message.subject,
    markup`<p><a href="/">Inbox</a> · <a href="/messages/${id}/raw">As it came</a></p>
<table><tbody>${facts.map(([name, value]) => markup`<tr><th>${name}</th><td>${value}</td></tr>`)}</tbody></table>
${attachments.length === 0 ? '' : markup`<h2>Attachments</h2><ul>${attachments}</ul>`}
${email.html === undefined ? '' : markup`<h2>HTML</h2><iframe title="HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${id}/html"></iframe>`}
${email.text === undefined ? '' : markup`<h2>Text</h2><pre>${email.text}</pre>`}`,
  );
}

function shortTime(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

function page(title: string, body: Markup): string {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1>${body}</body></html>
`.html;
}
