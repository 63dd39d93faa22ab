/** Routes of email: send messages and bulks, and see what became of them. */
import { z } from 'zod';
import { onboardUserInputSchema, sendEmailRequestSchema, tokenEmailInputSchema } from '../../contracts/email/schema.ts';
import { isEmailWorkflowId } from '../../contracts/email/vocabulary.ts';
import {
  type BulkHandle,
  type BulkLedger,
  bulkStanding,
  type EmailJobs,
  lookAtJob,
  NotFound,
} from '../../client/index.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { routesWith, type Route } from '../http/route.ts';
import { emailComponents } from './components.ts';
import { openEmailPorts, type EmailPorts, type EmailServices } from './ports.ts';
import { idOfKey } from '../http/idempotency.ts';
import { endOf } from '../http/job-end.ts';
import { endAt, sendPage } from '../http/paging.ts';
import { startedSchema } from '../http/schemas.ts';
import {
  bulkBody,
  bulkJobSchema,
  emailJobSchema,
  idParams,
  outcomesQuery,
  outcomesSchema,
  queuedBulkSchema,
  queuedSchema,
} from './schemas.ts';

const defineRoute = routesWith<EmailServices>();

const sendEmail = defineRoute({
  name: 'sendEmail',
  method: 'post',
  path: '/v1/emails',
  summary: 'Send one message; the same Idempotency-Key or messageKey is the same message',
  body: sendEmailRequestSchema,
  answers: { 202: { description: 'Started; Location tells where to look', schema: queuedSchema } },
  errors: [409],
  async handle({ services, body, request, response }) {
    const messageKey = body.messageKey ?? idOfKey(request);
    const job = await services.client.email.send({ ...body, messageKey });
    response.status(202).location(`/v1/emails/${job.id}`).json({ status: 'queued', task_id: job.id });
  },
});

const getEmail = defineRoute({
  name: 'getEmail',
  method: 'get',
  path: '/v1/emails/:id',
  summary: 'Where a single message stands',
  params: idParams,
  answers: {
    200: {
      description: 'The job, and its result, or why it failed, once it is over',
      schema: emailJobSchema,
    },
  },
  errors: [404],
  async handle({ services, params, response }) {
    if (!isEmailWorkflowId('single', params.id)) throw new NotFound(params.id, 'message');
    const job = services.client.email.getEmail(params.id);
    const status = await job.status();
    response.json({ id: job.id, status, ...(await endOf(job, status)) });
  },
});

/** Makes a route that sends a link with a token. */
function tokenRoute(
  { name, path, summary }: Pick<Route, 'name' | 'path' | 'summary'>,
  send: (jobs: EmailJobs, to: string, token: string) => Promise<unknown>,
): Route<EmailServices> {
  return defineRoute({
    name,
    method: 'post',
    path,
    summary,
    body: tokenEmailInputSchema,
    answers: { 202: { description: 'Started', schema: queuedSchema } },
    async handle({ services, body, response }) {
      response.status(202).json(await send(services.client.email, body.to, body.token));
    },
  });
}

const sendVerification = tokenRoute(
  { name: 'sendVerificationEmail', path: '/v1/emails/verification', summary: 'Ask a user to verify an address' },
  (jobs, to, token) => jobs.sendVerification(to, token),
);

const sendPasswordReset = tokenRoute(
  {
    name: 'sendPasswordResetEmail',
    path: '/v1/emails/password-reset',
    summary: 'Send the link that sets a new password',
  },
  (jobs, to, token) => jobs.sendPasswordReset(to, token),
);

const onboard = defineRoute({
  name: 'onboardUser',
  method: 'post',
  path: '/v1/emails/onboarding',
  summary: 'Take a new user in: profile, welcome and, with a token, verification',
  body: onboardUserInputSchema,
  answers: { 202: { description: 'Started', schema: queuedSchema } },
  errors: [409],
  async handle({ services, body, response }) {
    const job = await services.client.email.onboard(body);
    response.status(202).json({ status: 'queued', task_id: job.id });
  },
});

const sendBulk = defineRoute({
  name: 'sendBulkEmail',
  method: 'post',
  path: '/v1/emails/bulk',
  summary: 'Send one message to up to 100,000 recipients; the same Idempotency-Key is the same bulk',
  body: bulkBody,
  answers: {
    202: {
      description: 'Started; Location tells where to look',
      schema: queuedBulkSchema,
    },
  },
  errors: [409],
  async handle({ services, body, request, response }) {
    const queued = await services.client.email.sendBulk(body, { id: idOfKey(request) });
    response.status(202).location(`/v1/emails/bulk/${queued.group_id}`).json(queued);
  },
});

const getBulk = defineRoute({
  name: 'getBulkEmail',
  method: 'get',
  path: '/v1/emails/bulk/:id',
  summary: 'Where a bulk stands, and its summary once it is over',
  params: idParams,
  answers: {
    200: {
      description: 'The bulk',
      schema: bulkJobSchema,
    },
  },
  errors: [404],
  async handle({ services, params, response }) {
    const bulk = services.client.email.getBulk(params.id);
    const { status, progress } = await bulkStanding(bulk, services.email);
    response.json({ id: bulk.id, status, progress, ...(await endOf(bulk, status)) });
  },
});

const getBulkOutcomes = defineRoute({
  name: 'listBulkEmailOutcomes',
  method: 'get',
  path: '/v1/emails/bulk/:id/outcomes',
  summary: 'What became of each recipient that was reached, in the order of the list',
  params: idParams,
  query: outcomesQuery,
  answers: {
    200: {
      description: 'One page of the list',
      schema: outcomesSchema,
    },
  },
  errors: [404],
  async handle({ services, params, query, request, response }) {
    const bulk = services.client.email.getBulk(params.id);
    await sendPage({ request, response, query }, z.int(), async (after = -1) => {
      const outcomes = await services.email.outcomes(bulk.id, after, query.limit + 1);
      if (outcomes.length === 0) await requireBulk(bulk, services.email);
      return endAt(outcomes, ({ position }) => position, query.limit);
    });
  },
});

/** An empty page is an answer only for a mailing that the server or the ledger knows. @throws NotFound */
async function requireBulk(bulk: BulkHandle, ledger: BulkLedger): Promise<void> {
  if ((await lookAtJob(bulk)()) === 'gone') await bulkStanding(bulk, ledger);
}

const cancelBulk = defineRoute({
  name: 'cancelBulkEmail',
  method: 'post',
  path: '/v1/emails/bulk/:id/cancel',
  summary: 'Stop a bulk; what was sent stays sent',
  params: idParams,
  answers: { 202: { description: 'Asked to stop', schema: startedSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    const bulk = services.client.email.getBulk(params.id);
    await bulk.cancel();
    response.status(202).json({ id: bulk.id });
  },
});

/** The routes of email. */
export const email: ApiDomainWithPorts<EmailPorts> = {
  tag: 'email',
  components: emailComponents,
  openPorts: openEmailPorts,
  routes: [
    sendEmail,
    getEmail,
    sendVerification,
    sendPasswordReset,
    onboard,
    sendBulk,
    getBulk,
    getBulkOutcomes,
    cancelBulk,
  ],
};
