/** Writes the PDF of an invoice. The same invoice gives the same bytes, so neither clock nor randomness is used. */
import type { InvoiceDocument } from '../billing/port.ts';
import { decimalAmount } from '../billing/money.ts';
import { colours } from './chart-specs.ts';
import { writePdf, type WrittenPdf } from './pdf-pages.ts';
import { type Block, paginate } from './pdf-blocks.ts';
import { tableBlocks } from './pdf-table.ts';
import { area, fit, fonts, type Pdf } from './pdf-style.ts';

/** Draws all pages. */
export function drawInvoice(invoice: InvoiceDocument): Promise<WrittenPdf> {
  const name = invoice.number ?? invoice.id;
  const title = `Invoice ${name}`;
  const info = { Title: title, Author: invoice.seller, CreationDate: new Date(invoice.issuedAt) };
  return writePdf(info, title, (pdf, room) =>
    paginate([headOf(pdf, invoice, name), ...linesOf(pdf, invoice), sumsOf(pdf, invoice)], room),
  );
}

const day = (at: string): string => at.slice(0, 10);

interface TextLine {
  readonly text: string;
  readonly size: number;
  readonly isBold?: boolean;
}

const LEADING = 1.5;

function textBlock(pdf: Pdf, lines: readonly TextLine[], align: 'left' | 'right'): Block {
  const { width } = area(pdf);
  const fitted = lines.map((line) => ({ ...line, text: fit(styled(pdf, line), line.text, width) }));
  return {
    height: fitted.reduce((sum, { size }) => sum + size * LEADING, 0) + 14,
    draw: (target, top) => {
      const { left } = area(target);
      let y = top;
      for (const line of fitted) {
        styled(target, line).fillColor(colours.ink);
        const indent = align === 'right' ? width - target.widthOfString(line.text) : 0;
        target.text(line.text, left + indent, y, { lineBreak: false });
        y += line.size * LEADING;
      }
    },
  };
}

function styled(pdf: Pdf, { size, isBold = false }: TextLine): Pdf {
  return pdf.font(isBold ? fonts.bold : fonts.regular).fontSize(size);
}

function headOf(pdf: Pdf, invoice: InvoiceDocument, name: string): Block {
  const { seller, buyer, address, issuedAt, dueAt } = invoice;
  const lines = [
    { text: `Invoice ${name}`, size: 20, isBold: true },
    ...(seller === '' ? [] : [{ text: `From ${seller}`, size: 10 }]),
    { text: `Date ${day(issuedAt)}`, size: 10 },
    ...(dueAt === null ? [] : [{ text: `Due ${day(dueAt)}`, size: 10 }]),
    ...(buyer === '' ? [] : [{ text: buyer, size: 10, isBold: true }]),
    ...address.map((text) => ({ text, size: 10 })),
  ];
  return textBlock(pdf, lines, 'left');
}

function linesOf(pdf: Pdf, { lines, currency }: InvoiceDocument): readonly Block[] {
  const columns = [
    { title: 'What', share: 0.6, lines: 3 },
    { title: 'Quantity', share: 0.15, align: 'right' },
    { title: `Amount in ${currency.toUpperCase()}`, share: 0.25, align: 'right' },
  ] as const;
  const rows = lines.map(({ text, quantity, amount }) => [
    text,
    quantity === null ? '' : String(quantity),
    decimalAmount(amount, currency),
  ]);
  return rows.length === 0 ? [] : tableBlocks(pdf, columns, rows);
}

function sumsOf(pdf: Pdf, { subtotal, total, paid, currency }: InvoiceDocument): Block {
  const amount = (units: number): string => `${decimalAmount(units, currency)} ${currency.toUpperCase()}`;
  const lines = [
    { text: '', size: 6 },
    ...(subtotal === total ? [] : [{ text: `Before taxes and discounts ${amount(subtotal)}`, size: 10 }]),
    { text: `Total ${amount(total)}`, size: 12, isBold: true },
    ...(paid === 0 ? [] : [{ text: `Paid ${amount(paid)}`, size: 10 }]),
    { text: `To pay ${amount(Math.max(0, total - paid))}`, size: 10 },
  ];
  return textBlock(pdf, lines, 'right');
}
