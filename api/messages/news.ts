/** Routes at which the provider of text messages tells news. */
import { z } from 'zod';
import { DELIVERY_STATUSES, NEWS_PATHS } from '../../contracts/messages/vocabulary.ts';
import { routesWith } from '../http/route.ts';
import type { MessageServices } from './ports.ts';
import { readSignedForm } from './signed-form.ts';

const defineRoute = routesWith<MessageServices>();

/** What the provider calls statuses that are others here. */
const ALSO: Readonly<Record<string, string>> = { accepted: 'queued', canceled: 'failed', read: 'delivered' };

const statusForm = z.object({
  message: z.uuid(),
  MessageSid: z.string().min(1).max(100),
  MessageStatus: z
    .string()
    .transform((status) => ALSO[status] ?? status)
    .pipe(z.enum(DELIVERY_STATUSES)),
  ErrorCode: z.coerce.number().int().positive().optional().catch(undefined),
});

/** Hears how a message stands. Its shape is that of the provider, so what cannot be read is not asked for again. */
export const hearStatus = defineRoute({
  name: 'hearMessageStatus',
  method: 'post',
  path: NEWS_PATHS.status,
  summary: 'For the provider of text messages: tells how a message stands, signed',
  open: true,
  signed: true,
  changesNothing: true,
  query: z.object({ message: z.string().max(100).optional().describe('Id of the message in the ledger') }),
  answers: { 204: { description: 'Heard; it may be told again, and in any order' } },
  errors: [403, 413],
  async handle({ services: { messages }, query, request, response }) {
    const form = await readSignedForm(request, messages);
    const read = statusForm.safeParse({ ...form, message: query.message });
    if (read.success) {
      const { message: messageId, MessageSid: sid, MessageStatus: status, ErrorCode: errorCode } = read.data;
      await messages.news.status({ messageId, sid, status, errorCode });
    }
    response.status(204).end();
  },
});

const answerForm = z.object({
  MessageSid: z.string().min(1).max(100),
  From: z.string().min(1).max(50),
  Body: z.string().max(10_000).default(''),
});

/** Hears what recipients answer. */
export const hearAnswer = defineRoute({
  name: 'hearMessageAnswer',
  method: 'post',
  path: NEWS_PATHS.answer,
  summary:
    'For the provider of text messages: tells what a recipient answers, signed; STOP ends messages to the number',
  open: true,
  signed: true,
  changesNothing: true,
  answers: { 200: { description: 'Heard; nothing is answered to the recipient', mediaType: 'text/xml' } },
  errors: [403, 413],
  async handle({ services: { messages }, request, response }) {
    const read = answerForm.safeParse(await readSignedForm(request, messages));
    if (read.success) {
      const { MessageSid: sid, From: number, Body: body } = read.data;
      await messages.news.answer({ sid, number, body });
    }
    response.status(200).type('text/xml').send('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  },
});
