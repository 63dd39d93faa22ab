/** Routes of text messages: send them, and see what became of them. */
import { z } from 'zod';
import { NotFound } from '../../client/index.ts';
import { failureSchema } from '../../contracts/failures/schema.ts';
import { sendMessageOutputSchema, sendMessageRequestSchema } from '../../contracts/messages/schema.ts';
import { isMessageWorkflowId } from '../../contracts/messages/vocabulary.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { idParams, jobStatuses, queuedSchema } from '../email/schemas.ts';
import { component } from '../http/components.ts';
import { idOfKey } from '../http/idempotency.ts';
import { endOf } from '../http/job-end.ts';
import { defineRoute } from '../http/route.ts';
import { hearAnswer, hearStatus } from './news.ts';
import { type MessagePorts, openMessagePorts } from './ports.ts';

const sendMessage = defineRoute({
  name: 'sendTextMessage',
  method: 'post',
  path: '/v1/messages',
  summary: 'Send one text message; the same Idempotency-Key or messageKey is the same message',
  body: sendMessageRequestSchema,
  answers: { 202: { description: 'Started; Location tells where to look', schema: queuedSchema } },
  errors: [409],
  async handle({ services, body, request, response }) {
    const job = await services.client.messages.send({ ...body, messageKey: body.messageKey ?? idOfKey(request) });
    response.status(202).location(`/v1/messages/${job.id}`).json({ status: 'queued', task_id: job.id });
  },
});

const messageJobSchema = z.object({
  id: z.string(),
  status: z.enum(jobStatuses),
  result: sendMessageOutputSchema.optional(),
  failure: failureSchema.optional(),
});

const getMessage = defineRoute({
  name: 'getTextMessage',
  method: 'get',
  path: '/v1/messages/:id',
  summary: 'Where a text message stands',
  params: idParams,
  answers: {
    200: { description: 'The job, and its result, or why it failed, once it is over', schema: messageJobSchema },
  },
  errors: [404],
  async handle({ services, params, response }) {
    if (!isMessageWorkflowId(params.id)) throw new NotFound(params.id, 'message');
    const job = services.client.messages.getMessage(params.id);
    const status = await job.status();
    response.json({ id: job.id, status, ...(await endOf(job, status)) });
  },
});

const sent = { status: 'sent', sid: `SM${'0'.repeat(32)}`, encoding: 'gsm7', segments: 1, cost: '0.007900' } as const;

/** The routes of text messages. */
export const messages: ApiDomainWithPorts<MessagePorts> = {
  tag: 'messages',
  openPorts: openMessagePorts,
  components: {
    TextMessage: component(sendMessageRequestSchema, {
      messageKey: 'parcel-7',
      to: '+4915112345678',
      body: 'The parcel is there.',
    }),
    SentTextMessage: component(sendMessageOutputSchema, sent),
    TextMessageJob: component(messageJobSchema, { id: 'message-1', status: 'completed', result: sent }),
  },
  routes: [sendMessage, hearStatus, hearAnswer, getMessage],
};
