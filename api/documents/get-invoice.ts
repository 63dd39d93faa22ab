import { PerennialError } from '../../contracts/failures.ts';
import { findDocument } from '../http/lookups.ts';
import { defineRoute } from '../http/route.ts';
import { documentParams, invoiceResultSchema } from './schemas.ts';

/** Gives the invoice fields that were found before. */
export const getInvoice = defineRoute({
  method: 'get',
  path: '/documents/:id/invoice',
  summary: 'The fields of the invoice, if they have been extracted',
  tag: 'documents',
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
