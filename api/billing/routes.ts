/** Routes of billing. */
import { WEBHOOK_PATH } from '../../contracts/billing/vocabulary.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { routesWith } from '../http/route.ts';
import { type BillingPorts, type BillingServices, openBillingPorts } from './ports.ts';
import { readSignedEvent } from './signed-event.ts';

const defineRoute = routesWith<BillingServices>();

const hearPayment = defineRoute({
  name: 'hearPaymentEvent',
  method: 'post',
  path: WEBHOOK_PATH,
  summary: 'For the provider of payments: tells what has happened, signed; it is stored, and processed later',
  open: true,
  signed: true,
  changesNothing: true,
  answers: { 204: { description: 'Stored; it may be told again, and in any order' } },
  errors: [400, 403, 413],
  async handle({ services: { billing }, request, response }) {
    await billing.inbox.keep(await readSignedEvent(request, billing.webhookSecret));
    response.status(204).end();
  },
});

/** The routes of billing. */
export const billing: ApiDomainWithPorts<BillingPorts> = {
  tag: 'billing',
  openPorts: openBillingPorts,
  routes: [hearPayment],
};
