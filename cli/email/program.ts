/** `perennial email`: sends one message or a bulk, and shows their status. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { BulkHandle, BulkLedger } from '../../client/index.ts';
import { isEmailWorkflowId } from '../../contracts/email/vocabulary.ts';
import type { BulkEmailSummary } from '../../contracts/email/schema.ts';
import type { CliDomainWithPorts } from '../domain.ts';
import { starting, UsageError, withServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { factsTable, note, print, printJson } from '../terminal/output.ts';
import { openEmailPorts, type EmailPorts, type EmailContext } from './ports.ts';
import { jsonFlag, outputForm, waitFlag } from '../terminal/options.ts';

interface ContentOptions {
  readonly subject: string;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly attach?: readonly string[];
  readonly json?: boolean;
}

interface SendOptions extends ContentOptions {
  readonly cc?: string[];
  readonly bcc?: string[];
  readonly replyTo?: string[];
  readonly html?: boolean;
  readonly key?: string;
  readonly wait?: boolean;
}

interface BulkOptions extends ContentOptions {
  readonly text?: boolean;
  readonly id?: string;
  readonly wait?: boolean;
}

/** Adds `perennial email …`. */
export const email: CliDomainWithPorts<EmailPorts> = {
  openPorts: openEmailPorts,
  addCommands(program, context, run) {
    const group = program
      .command('email')
      .description('mail: one message for each key, one for each recipient of a mailing');
    const withContent = (command: Command): Command =>
      command
        .requiredOption('--subject <line>', 'subject')
        .option('--body <text>', 'what it says')
        .option('--body-file <file>', 'file with what it says')
        .option('--attach <path...>', 'files inside the allowed folders (ATTACHMENT_ROOTS)')
        .addOption(outputForm())
        .addOption(jsonFlag());
    withContent(group.command('send').description('send one message'))
      .argument('<to...>', 'addresses, also with names such as "Ada <ada@example.com>", or admin')
      .option('--cc <address...>', 'who gets a copy, for all to see')
      .option('--bcc <address...>', 'who gets a copy that no header names')
      .option('--reply-to <address...>', 'where answers go')
      .option('--html', 'the body is HTML')
      .option('--key <key>', 'name of the message; the same name is the same message')
      .addOption(waitFlag())
      .action((to: string[], options: SendOptions) => run(send(context, to, options)));
    withContent(group.command('bulk').description('send one message to many'))
      .argument('<file>', 'text file with one address in each line')
      .option('--text', 'the body is plain text; it is HTML otherwise')
      .option('--id <id>', 'name of the mailing; the same name is the same mailing')
      .addOption(waitFlag())
      .action((file: string, options: BulkOptions) => run(bulk(context, file, options)));
    group
      .command('status')
      .description('where a message or a mailing stands')
      .argument('<id>', 'what send or bulk has printed')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((id: string, options: { json?: boolean }) => run(status(context, id, options.json === true)));
  },
};

async function send(context: EmailContext, to: readonly string[], options: SendOptions): Promise<number> {
  const content = await contentOf(context, options);
  return withServices(context, async ({ client }) => {
    const message = {
      to: to.length === 1 ? (to[0] ?? '') : [...to],
      cc: options.cc,
      bcc: options.bcc,
      replyTo: options.replyTo,
      ...content,
      ...(options.html === true ? { html: true } : {}),
      messageKey: options.key,
    };
    const job = await starting(client.email.send(message));
    if (options.wait === true) {
      const result = await job.result({ signal: context.signal });
      if (options.json === true) printJson(context, result);
      else print(context, `Sent as ${result.messageId}`);
    } else if (options.json === true) printJson(context, { status: 'queued', task_id: job.id });
    else print(context, `Started ${job.id}\nSee what became of it with: perennial email status ${job.id}`);
    return exitCodes.ok;
  });
}

async function bulk(context: EmailContext, file: string, options: BulkOptions): Promise<number> {
  const content = await contentOf(context, options);
  const lines = (await readText(context, file)).split(/\r?\n/).map((line) => line.trim());
  const recipients = lines.filter((line) => line !== '');
  return withServices(context, async ({ client }) => {
    const html = options.text !== true;
    const queued = await starting(client.email.sendBulk({ recipients, ...content, html }, { id: options.id }));
    if (options.wait === true) {
      note(context, `Started ${queued.group_id}`);
      const summary = await client.email.getBulk(queued.group_id).result({ signal: context.signal });
      return showSummary(context, summary, options.json === true);
    }
    if (options.json === true) printJson(context, queued);
    else print(context, `Started ${queued.group_id}\nWatch it with: perennial email status ${queued.group_id}`);
    return exitCodes.ok;
  });
}

function showSummary(context: EmailContext, summary: BulkEmailSummary, json: boolean): number {
  const { group_id, total_emails, sent, failed, duplicates, pending } = summary;
  if (json) printJson(context, summary);
  else print(context, factsTable({ mailing: group_id, recipients: total_emails, sent, failed, duplicates, pending }));
  return failed + pending > 0 ? exitCodes.failed : exitCodes.ok;
}

async function status(context: EmailContext, id: string, json: boolean): Promise<number> {
  return withServices(context, async ({ client, email: ledger }) => {
    if (isEmailWorkflowId('bulk', id)) return bulkStatus(context, client.email.getBulk(id), ledger, json);
    const state = await client.email.getEmail(id).status();
    if (json) printJson(context, { id, status: state });
    else print(context, factsTable({ message: id, status: state }));
    return state === 'running' || state === 'completed' ? exitCodes.ok : exitCodes.failed;
  });
}

async function bulkStatus(
  context: EmailContext,
  handle: BulkHandle,
  ledger: BulkLedger,
  json: boolean,
): Promise<number> {
  const { bulkStanding } = await import('../../client/index.ts'); // it loads the Temporal client
  const { status: state, progress } = await bulkStanding(handle, ledger);
  if (json) printJson(context, { id: handle.id, status: state, progress });
  else print(context, factsTable({ mailing: handle.id, status: state, ...progress }));
  return progress.failed > 0 || !['running', 'completed'].includes(state) ? exitCodes.failed : exitCodes.ok;
}

interface Content {
  readonly subject: string;
  readonly body: string;
  attachments?: { readonly path: string }[];
}

async function contentOf(context: EmailContext, options: ContentOptions): Promise<Content> {
  const { subject, body, bodyFile, attach } = options;
  if ((body === undefined) === (bodyFile === undefined))
    throw new UsageError('Expected exactly one of --body and --body-file.');
  const content: Content = { subject, body: body ?? (await readText(context, bodyFile ?? '')) };
  if (attach !== undefined) content.attachments = attach.map((file) => ({ path: path.resolve(context.cwd, file) }));
  return content;
}

async function readText({ cwd }: EmailContext, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(cwd, file), 'utf8');
  } catch {
    throw new UsageError(`There is no readable file ${file}.`);
  }
}
