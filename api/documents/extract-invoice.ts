import { Unavailable } from '../../client/index.ts';
import { notRead, viewDocument } from '../http/lookups.ts';
import { defineRoute } from '../http/route.ts';
import { documentParams, invoiceResultSchema, queuedSchema } from './schemas.ts';

const WAIT_MS = 25_000;

/** Finds the fields of an invoice. It takes milliseconds, so the answer waits for it unless asked not to. */
export const extractInvoice = defineRoute({
  method: 'post',
  path: '/documents/:id/invoice',
  summary: 'Extract the fields of an invoice (OCR-5); `Prefer: respond-async` answers at once',
  tag: 'documents',
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
    response.location(`/documents/${params.id}/invoice`);
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
