import { Readable } from 'node:stream';
import { INLINE_EMAIL_OUTCOMES, EMAIL_ROUNDS } from '../../contracts/email/vocabulary.ts';
import type {
  BulkEmailInput,
  BulkEmailSummary,
  FinishBulkInput,
  EmailOutcome,
  ChunkOutcome,
  PrepareBulkInput,
  PrepareBulkOutput,
  SendBulkChunkInput,
} from '../../contracts/email/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { parseMailbox } from '../../contracts/values/email-address.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { EmailContent, NotedRecipient, OutgoingEmail } from '../../services/email/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { readBlob } from '../shell/read-blob.ts';
import { deliverChunk } from './chunk.ts';
import type { EmailPorts } from './ports.ts';
import { type ListedRecipient, readRecipients, storeRecipients } from './recipients.ts';
import { canonicalRecipient, fingerprint } from './send.ts';

/** Outcomes fetched at once. */
const PAGE = 5_000;

/**
 * Stores list and message, so that the chunks carry references only. Blobs are content-addressed, so a second run
 * stores the same ones.
 */
export async function prepareBulk(
  ports: EmailPorts,
  { input }: PrepareBulkInput,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<PrepareBulkOutput> {
  const content = contentOf(input);
  // The message is built once and discarded, so that an invalid attachment fails the bulk before the first message is
  // sent.
  await ports.mailer.prepare(content, signal);
  const { ref, total } = await storeRecipients(ports.blobs, input);
  const message = await ports.blobs.put('mailings', Readable.from([JSON.stringify(content)]));
  return { total, recipients: ref, message };
}

function contentOf({ subject, body, html, attachments }: BulkEmailInput): EmailContent {
  return {
    subject,
    ...(html === false ? { text: body } : { html: body }),
    ...(attachments === undefined ? {} : { attachments }),
    bulk: true,
  };
}

/**
 * Sends a chunk of the list. A message that the ledger records as sent is not sent again, so a second run, or a worker
 * that takes over, continues where the first one stopped.
 */
export async function sendBulkChunk(
  ports: EmailPorts,
  { bulkId, recipients, message, first, count, round }: SendBulkChunkInput,
  context: TaskContext,
): Promise<ChunkOutcome> {
  const content = await readContent(ports, message);
  const listed = await readRecipients(ports.blobs, recipients, first, count);
  const email = await ports.mailer.prepare(content, context.signal);
  const noted: NotedRecipient[] = [];
  const messages: OutgoingEmail[] = [];
  for (const [index, recipient] of listed.entries()) {
    const position = first + index;
    const status = refusalOf(recipient);
    if (status !== undefined)
      noted.push({ key: `${bulkId}#${String(position)}`, position, recipient: recipient.to, ...status });
    else
      messages.push({
        key: `${bulkId}/${fingerprint(canonicalRecipient(recipient.to))}`,
        to: recipient.to,
        position,
        email,
      });
  }
  await ports.outcomes.note(bulkId, noted);
  const outcome = await deliverChunk(ports, messages, { bulkId, giveUp: round >= EMAIL_ROUNDS, round }, context);
  const of = (status: NotedRecipient['status']): number => noted.filter((entry) => entry.status === status).length;
  return { ...outcome, failed: outcome.failed + of('failed'), duplicates: of('duplicate') };
}

/** Returns why a recipient gets no message, without naming the address. */
function refusalOf({ to, duplicateOf }: ListedRecipient): Pick<NotedRecipient, 'status' | 'failure'> | undefined {
  if (duplicateOf !== undefined) {
    const text = `the same address stands at place ${String(duplicateOf)} of this list; that mention is the one that counts`;
    return { status: 'duplicate', failure: new PerennialError('DuplicateRecipient', text) };
  }
  if (parseMailbox(to) !== undefined) return undefined;
  const text = 'expected an e-mail address such as name@example.com, got something else';
  return { status: 'failed', failure: new PerennialError('InvalidRecipient', text) };
}

/** Bytes of the largest stored message: a body of a million characters, each of them escaped. */
const MAX_MESSAGE_BYTES = 8 * BYTES_PER_MB;

async function readContent(ports: EmailPorts, ref: SendBulkChunkInput['message']): Promise<EmailContent> {
  const bytes = await readBlob(ports.blobs, ref, 'message', MAX_MESSAGE_BYTES);
  return JSON.parse(bytes.toString()) as EmailContent; // written by prepareBulk
}

/** Returns one outcome for each recipient, in the order of the list; recipients that were never reached are pending. */
export async function finishBulk(
  ports: EmailPorts,
  { bulkId, total }: FinishBulkInput,
  { signal }: TaskContext,
): Promise<BulkEmailSummary> {
  const counts = { sent: 0, failed: 0, duplicate: 0, pending: 0 };
  const inline: EmailOutcome[] = [];
  const lines = async function* (): AsyncGenerator<string> {
    for await (const outcome of allOutcomes(ports, bulkId, total)) {
      signal.throwIfAborted();
      counts[outcome.status] += 1;
      if (total <= INLINE_EMAIL_OUTCOMES) inline.push(outcome);
      yield `${JSON.stringify(outcome)}\n`;
    }
  };
  const outcomesRef = await ports.blobs.put('outcomes', Readable.from(lines()));
  return {
    status: 'finished',
    group_id: bulkId,
    total_emails: total,
    sent: counts.sent,
    failed: counts.failed,
    duplicates: counts.duplicate,
    pending: counts.pending,
    ...(total <= INLINE_EMAIL_OUTCOMES ? { outcomes: inline } : { outcomesRef }),
  };
}

async function* allOutcomes({ outcomes }: EmailPorts, bulkId: string, total: number): AsyncGenerator<EmailOutcome> {
  let next = 0;
  for (;;) {
    const page = await outcomes.outcomes(bulkId, next - 1, PAGE);
    for (const outcome of page) {
      while (next < outcome.position) yield pending(next++);
      yield outcome;
      next = outcome.position + 1;
    }
    if (page.length < PAGE) break;
  }
  while (next < total) yield pending(next++);
}

function pending(position: number): EmailOutcome {
  return { position, status: 'pending', messageId: null, failure: null };
}
