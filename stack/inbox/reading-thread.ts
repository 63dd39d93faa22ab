/** The thread that reads messages. */
import PostalMime, { type Email } from 'postal-mime';
import { serve } from '../../services/processes/serve.ts';
import type { MailSummary, MailView, ReadingResults, ReadingTask } from './reading.ts';

/** Characters of a text that are shown; a page with more is of no use to anybody. */
const MAX_TEXT = 1_000_000;

/** Headers, and attachments, that are shown. */
const MAX_ENTRIES = 1_000;

serve<ReadingTask>(() => async (task, job) => {
  const email = await PostalMime.parse(task.raw);
  switch (task.kind) {
    case 'summary':
      return summaryOf(email);
    case 'view':
      return viewOf(email);
    case 'attachment': {
      const found = attachmentOf(email, task.number);
      if (found !== undefined && found.content.buffer instanceof ArrayBuffer) job.handOver(found.content.buffer);
      return found;
    }
  }
});

function summaryOf({ subject = '', messageId = '' }: Email): MailSummary {
  return { subject: subject.slice(0, MAX_ENTRIES), messageId: messageId.slice(0, MAX_ENTRIES) };
}

function viewOf({ from, headers, text, html, attachments }: Email): MailView {
  return {
    from: from === undefined ? undefined : addressText(from),
    headers: headers.slice(0, MAX_ENTRIES).map(({ originalKey, value }) => ({ name: originalKey, value })),
    text: text?.slice(0, MAX_TEXT),
    html: html?.slice(0, MAX_TEXT),
    attachments: attachments.slice(0, MAX_ENTRIES).map(({ filename, mimeType, content }) => ({
      filename,
      contentType: mimeType,
      size: bytesOf(content).byteLength,
    })),
  };
}

function addressText({ name, address }: NonNullable<Email['from']>): string {
  return address === undefined ? name : name === '' ? address : `${name} <${address}>`;
}

function attachmentOf({ attachments }: Email, number: number): ReadingResults['attachment'] {
  const found = attachments[number];
  // A copy has memory of its own, which can be handed over.
  return found === undefined ? undefined : { filename: found.filename, content: bytesOf(found.content).slice() };
}

function bytesOf(content: string | ArrayBuffer | Uint8Array): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}
