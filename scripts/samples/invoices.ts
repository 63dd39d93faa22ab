/** Makes the invoices: both the page and the truth come from the same figures, so that they cannot disagree. */
import { head, lines } from './blocks.ts';
import { a4, type Block, type FontName, type PageSpec, type TableColumn } from './layout.ts';

/** The true content of an invoice. Money and quantities are decimal strings. */
export interface InvoiceTruth {
  readonly issuer: string;
  readonly number: string;
  readonly date: string;
  /** As the terms of payment say. */
  readonly dueDate: string;
  readonly currency: string;
  readonly total: string;
  readonly untaxed: string;
  readonly tax: string;
  readonly lines: readonly {
    readonly description: string;
    readonly quantity: string;
    readonly unitPrice: string;
    readonly amount: string;
  }[];
}

interface Goods {
  readonly description: string;
  readonly quantity: number;
  readonly unitCents: number;
}

interface InvoiceForm {
  readonly issuer: string;
  readonly address: readonly string[];
  readonly customer: readonly string[];
  readonly number: string;
  readonly date: string;
  readonly dueDate: string;
  readonly printedDate: string;
  readonly currency: string;
  /** The text before an amount, such as a dollar sign. */
  readonly sign: string;
  readonly taxPercent: number;
  readonly words: { readonly tax: string; readonly net: string; readonly total: string };
  readonly goods: readonly Goods[];
  readonly closing: readonly string[];
  readonly fonts: { readonly plain: FontName; readonly bold: FontName };
}

const columns: readonly TableColumn[] = [
  { share: 0.5, align: 'left' },
  { share: 0.14, align: 'right' },
  { share: 0.18, align: 'right' },
  { share: 0.18, align: 'right' },
];

function money(cents: number): string {
  return (cents / 100).toFixed(2);
}

function printed(cents: number, sign: string): string {
  return sign + money(cents).replace(/\B(?=(\d{3})+\.)/gu, ',');
}

function sums(form: InvoiceForm): { net: number; tax: number; total: number } {
  const net = form.goods.reduce((sum, item) => sum + item.quantity * item.unitCents, 0);
  const tax = Math.round((net * form.taxPercent) / 100);
  return { net, tax, total: net + tax };
}

function truthOf(form: InvoiceForm): InvoiceTruth {
  const { net, tax, total } = sums(form);
  return {
    issuer: form.issuer,
    number: form.number,
    date: form.date,
    dueDate: form.dueDate,
    currency: form.currency,
    total: money(total),
    untaxed: money(net),
    tax: money(tax),
    lines: form.goods.map((item) => ({
      description: item.description,
      quantity: String(item.quantity),
      unitPrice: money(item.unitCents),
      amount: money(item.quantity * item.unitCents),
    })),
  };
}

function pageOf(form: InvoiceForm): PageSpec {
  const { plain, bold } = form.fonts;
  const { net, tax, total } = sums(form);
  const row = (cells: readonly string[], font = plain): Block => ({
    kind: 'row',
    cells,
    columns,
    font,
    size: 11,
    after: 5,
  });
  return {
    size: a4,
    margin: 64,
    blocks: [
      head(form.issuer, 18, bold),
      lines(form.address, plain, 10),
      head('INVOICE', 20, bold),
      lines(
        [`Invoice number: ${form.number}`, `Invoice date: ${form.printedDate}`, `Currency: ${form.currency}`],
        plain,
        11,
      ),
      lines(['Bill to:', ...form.customer], plain, 11),
      { kind: 'gap', height: 8 },
      row(['Description', 'Quantity', 'Unit price', 'Amount'], bold),
      { kind: 'rule', after: 8 },
      ...form.goods.map((item) =>
        row([
          item.description,
          String(item.quantity),
          printed(item.unitCents, form.sign),
          printed(item.quantity * item.unitCents, form.sign),
        ]),
      ),
      { kind: 'rule', after: 8 },
      row(['', '', form.words.net, printed(net, form.sign)]),
      row(['', '', form.words.tax, printed(tax, form.sign)]),
      row(['', '', form.words.total, printed(total, form.sign)], bold),
      { kind: 'gap', height: 20 },
      lines(form.closing, plain, 10),
    ],
  };
}

const euroForm: InvoiceForm = {
  issuer: 'Perennial Nursery Ltd',
  address: ['Orchard Lane 12, Fernhollow', 'VAT number: XX 000 111 222'],
  customer: ['Milldown House', 'The Garden Office', 'Fernhollow'],
  number: 'PN-2025-0417',
  date: '2025-04-17',
  dueDate: '2025-05-17',
  printedDate: '17 April 2025',
  currency: 'EUR',
  sign: '',
  taxPercent: 20,
  words: { net: 'Net', tax: 'VAT 20 %', total: 'Total EUR' },
  goods: [
    { description: 'Hardy geranium, 1 litre pot', quantity: 240, unitCents: 395 },
    { description: 'Peony, bare root', quantity: 18, unitCents: 1250 },
    { description: 'Leaf mould, bag of 40 litres', quantity: 25, unitCents: 680 },
    { description: 'Delivery by van', quantity: 1, unitCents: 4500 },
  ],
  closing: [
    'Payable within 30 days without deduction.',
    'Plants that do not return next spring are replaced free of charge.',
  ],
  fonts: { plain: 'sans', bold: 'sansBold' },
};

const dollarForm: InvoiceForm = {
  issuer: 'Larkfield Seeds and Tools',
  address: ['Station Road 3, Larkfield'],
  customer: ['Perennial Nursery Ltd', 'Orchard Lane 12, Fernhollow'],
  number: '20873',
  date: '2025-03-04',
  dueDate: '2025-03-04',
  printedDate: '2025-03-04',
  currency: 'USD',
  sign: '$',
  taxPercent: 8,
  words: { net: 'Subtotal', tax: 'Sales tax 8 %', total: 'Total due' },
  goods: [
    { description: 'Hand fork, ash handle', quantity: 6, unitCents: 1875 },
    { description: 'Seed tray, deep', quantity: 120, unitCents: 210 },
    { description: 'Garden fleece, roll', quantity: 4, unitCents: 3650 },
  ],
  closing: ['Payment is due on receipt. Thank you for your business.'],
  fonts: { plain: 'serif', bold: 'serifBold' },
};

/** An invoice in euros, for the PDF with a text layer. */
export const euroInvoice = { page: pageOf(euroForm), truth: truthOf(euroForm) };
/** An invoice in dollars, for the scanned picture. */
export const dollarInvoice = { page: pageOf(dollarForm), truth: truthOf(dollarForm) };
