/** The route of audits. */
import { z } from 'zod';
import { auditReportSchema, differenceSchema } from '../../contracts/audit/schema.ts';
import { utcInstantSchema } from '../../contracts/values/instant.schema.ts';
import type { ApiDomain } from '../domain.ts';
import { component } from '../http/components.ts';
import { defineRoute } from '../http/route.ts';

const auditQuery = z.object({
  since: utcInstantSchema.optional().describe('Runs that began before are left out; default 30 days ago'),
  grace: z.coerce.number().min(0).max(86_400).default(60).describe('Age in seconds from which a difference counts'),
  limit: z.coerce.number().int().min(0).max(10_000).default(1_000).describe('Most differences that are named'),
});

const getAudit = defineRoute({
  name: 'getAudit',
  method: 'get',
  path: '/v1/audit',
  summary: 'Whether each accepted job is finished, alive or a dead letter, and every difference',
  admin: true,
  query: auditQuery,
  answers: {
    200: { description: 'What was found; no differences mean that nothing is lost', schema: auditReportSchema },
  },
  async handle({ services, query: { since, grace, limit }, response, signal }) {
    response.json(await services.client.audit.report({ since, graceSeconds: grace, limit, signal }));
  },
});

const difference = {
  kind: 'failure without a letter',
  id: 'order-17',
  workflowId: 'order-17',
  detail: 'the run 0194c1f0-7b60-7000-8000-000000000000 failed, and no letter tells of it',
  remedy: 'Start a worker: it notes failures.',
} as const;

/** The routes of audits. */
export const audit: ApiDomain = {
  tag: 'audit',
  components: {
    AuditDifference: component(differenceSchema, difference),
    AuditReport: component(auditReportSchema, {
      since: '2026-01-01T00:00:00.000Z',
      at: '2026-01-31T12:00:00.000Z',
      runs: { accepted: 1_204, alive: 3, completed: 1_190, failed: 9, stopped: 2, continued: 0 },
      checked: { failures: 9, recent: 0, letters: 8, rows: 1 },
      differences: [difference],
      leftOff: 0,
    }),
  },
  routes: [getAudit],
};
