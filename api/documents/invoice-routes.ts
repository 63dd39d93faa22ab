/** Routes of invoices: extract the fields of one, and show them. */
import { Unavailable } from '../../client/index.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { routesWith, type Route } from '../http/route.ts';
import { findDocument, notRead, viewDocument } from './lookups.ts';
import type { DocumentServices } from './ports.ts';
import { documentParams, invoiceResultSchema, queuedSchema } from './schemas.ts';

const defineRoute = routesWith<DocumentServices>();

/** Gives the invoice fields that were found before. */
const getInvoice = defineRoute({
  name: 'getInvoice',
  method: 'get',
  path: '/v1/documents/:id/invoice',
  summary: 'The fields of the invoice, if they have been extracted',
  params: documentParams,
  answers: { 200: { description: 'The fields, each with its confidence and place', schema: invoiceResultSchema } },
  errors: [404, 409],
  async handle({ services, params, response }) {
    await findDocument(services, params.id);
    const entities = await services.documents.invoice(params.id);
    if (entities === undefined) {
      throw new PerennialError(
        'DocumentNotRead',
        `No invoice has been extracted from '${params.id}': POST to this address to do so.`,
      );
    }
    response.json({ status: 'success', document_id: params.id, entities });
  },
});

const WAIT_MS = 25_000;

/** Finds the fields of an invoice. It takes milliseconds, so the answer waits for it unless asked not to. */
const extractInvoice = defineRoute({
  name: 'extractInvoice',
  method: 'post',
  path: '/v1/documents/:id/invoice',
  summary: 'Extract the fields of an invoice; `Prefer: respond-async` answers at once',
  params: documentParams,
  answers: {
    200: { description: 'The fields, each with its confidence and place', schema: invoiceResultSchema },
    202: { description: 'Still at work: GET the same address later', schema: queuedSchema },
  },
  errors: [404, 409],
  async handle({ services, params, request, response, signal }) {
    const document = await viewDocument(services, params.id);
    if (document.status !== 'completed') throw notRead(document);
    const job = await services.client.documents.extractInvoice(params.id);
    const queued = { status: 'queued', document_id: params.id, task_id: job.id };
    response.location(`/v1/documents/${params.id}/invoice`);
    if (/\brespond-async\b/i.test(request.get('prefer') ?? '')) {
      response.status(202).json(queued);
      return;
    }
    try {
      const result = await job.result({ timeoutMs: services.settings.waitMs ?? WAIT_MS, signal });
      response.json(result);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      response.status(202).json(queued);
    }
  },
});

/** The routes of invoices. */
export const invoiceRoutes: readonly Route<DocumentServices>[] = [getInvoice, extractInvoice];
