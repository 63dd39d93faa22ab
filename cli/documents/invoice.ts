import type { ExtractInvoiceOutput } from '../../contracts/documents/schema.ts';
import { withServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { findDocument } from './lookup.ts';
import { print, printJson } from '../terminal/output.ts';
import { fieldsTable } from './tables.ts';
import type { DocumentContext } from './ports.ts';

const FIELDS = [
  'issuer',
  'issuerVatId',
  'buyerVatId',
  'number',
  'date',
  'dueDate',
  'currency',
  'untaxed',
  'tax',
  'total',
  'iban',
  'bic',
] as const;

/** `perennial invoice`: finds the fields of an invoice in a document that has been read. */
export async function invoice(context: DocumentContext, id: string, options: { json?: boolean }): Promise<number> {
  return withServices(context, async (services) => {
    const { id: documentId } = await findDocument(services, id);
    const job = await services.client.documents.extractInvoice(documentId);
    const found = await job.result({ signal: context.signal });
    if (options.json) printJson(context, found);
    else print(context, fieldsTable(rows(found.entities)));
    return exitCodes.ok;
  });
}

type Row = readonly [name: string, value: string, confidence: number, page: number];

function rows(entities: ExtractInvoiceOutput['entities']): Row[] {
  const single = FIELDS.flatMap((name): Row[] => {
    const field = entities[name];
    if (field === undefined) return [];
    const doubt = field.note === undefined ? '' : ` (${field.note})`;
    const value = `${field.value}${field.computed === true ? ' (computed)' : ''}${doubt}`;
    return [[name, value, field.confidence, field.page]];
  });
  const lines = entities.lines.map(({ value, confidence, page }, at): Row => {
    const { description, quantity, unitPrice, amount, taxRate } = value;
    const times = quantity === undefined ? '' : ` (${quantity}${unitPrice === undefined ? '' : ` × ${unitPrice}`})`;
    const tax = taxRate === undefined ? '' : `, tax ${taxRate} %`;
    return [
      `line ${at + 1}`,
      `${description}${times}${amount === undefined ? '' : ` = ${amount}`}${tax}`,
      confidence,
      page,
    ];
  });
  const taxes = (entities.taxes ?? []).map(({ value, confidence, page }): Row => {
    const base = value.base === undefined ? '' : ` of ${value.base}`;
    return [`tax ${value.rate} %`, `${value.amount ?? ''}${base}`.trim(), confidence, page];
  });
  return [...single, ...taxes, ...lines];
}
