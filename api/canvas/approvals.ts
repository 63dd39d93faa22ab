/** Routes of approvals: list the calls that wait for a person, and decide about one. */
import { z } from 'zod';
import { approvalSchema, deciderSchema } from '../../contracts/canvas/schema.ts';
import { canvasParams } from './schemas.ts';
import { cutPage, pageOf, pageShape, sendPage } from '../http/paging.ts';
import { defineRoute, type Route } from '../http/route.ts';

const waitingQuery = z.strictObject(pageShape());
export const waitingSchema = z.object({
  path: z.string(),
  message: z.string(),
  since: z.iso.datetime(),
  until: z.iso.datetime().nullable().describe('null: it waits for ever'),
});
export const decisionBody = z.strictObject({ decision: approvalSchema.shape.decision, ...deciderSchema.shape });

const listApprovals = defineRoute({
  name: 'listApprovals',
  method: 'get',
  path: '/v1/canvas/:id/approvals',
  summary: 'Steps of a run that wait for a person',
  params: canvasParams,
  query: waitingQuery,
  answers: { 200: { description: 'What waits now, by path', schema: pageOf(waitingSchema) } },
  errors: [404],
  async handle({ services, params, query, request, response }) {
    await sendPage({ request, response, query }, z.string(), async (after) =>
      cutPage(await services.client.canvas.approvals(params.id), ({ path }) => path, { after, limit: query.limit }),
    );
  },
});

const decide = defineRoute({
  name: 'decideApproval',
  method: 'post',
  path: '/v1/canvas/:id/approvals/:path',
  summary: 'Approve or reject a step; its path is one part of the address, so its slashes are %2F',
  admin: true,
  params: canvasParams.extend({ path: approvalSchema.shape.path }),
  body: decisionBody,
  answers: { 200: { description: 'The decision that counts', schema: approvalSchema } },
  errors: [404],
  async handle({ services, params, body, response }) {
    const { decision, ...decider } = body;
    const decided = await services.client.canvas[decision](params.id, params.path, decider);
    services.logger.info({ canvas: params.id, path: params.path, decision }, 'step of a canvas decided');
    response.json(decided);
  },
});

export const approvalRoutes: readonly Route[] = [listApprovals, decide];
