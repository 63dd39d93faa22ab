/** The tables of a report: the figures behind the charts, and the names of people and documents. */
import { failureWords } from '../../contracts/reports/failure-words.ts';
import { colours } from './chart-specs.ts';
import type { Block } from './pdf-blocks.ts';
import { area, count, fonts, lacksGlyphs, percent, type Pdf, wrap } from './pdf-style.ts';
import { type Column, tableBlocks } from './pdf-table.ts';
import type { PdfContent } from './port.ts';

interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Sentence below the table. */
  readonly note?: string;
}

/** Returns the blocks of every table that has rows, and a note when the font lacks characters of a name. */
export function tablesOf(pdf: Pdf, content: PdfContent): readonly Block[] {
  const tables = [
    failures(content),
    failedDocuments(content),
    parts(content),
    engines(content),
    users(content),
    documents(content),
  ];
  return [
    ...tables
      .filter(({ rows }) => rows.length > 0)
      .flatMap(({ title, columns, rows, note }) => [
        heading(title),
        ...tableBlocks(pdf, columns, rows),
        ...(note === undefined ? [] : noteBlocks(pdf, note)),
      ]),
    ...(namesOf(content).some((name) => lacksGlyphs(pdf.font(fonts.regular), name)) ? noteBlocks(pdf, NOT_SHOWN) : []),
  ];
}

/** A heading, which never stands alone at the foot of a page. */
function heading(text: string): Block {
  return {
    height: 36,
    keep: true,
    draw: (pdf, top) => {
      pdf.font(fonts.bold).fontSize(12).fillColor(colours.ink);
      pdf.text(text, area(pdf).left, top + 14, { lineBreak: false });
    },
  };
}

const NOT_SHOWN =
  'Names hold characters that the font of this report lacks, such as Chinese, Japanese or Korean characters: they show as boxes. Exports as CSV, JSON or XLSX contain them unchanged.';

function namesOf({ plan, details }: PdfContent): readonly string[] {
  const { preparedFor, users: people, documents: latest, failures: failed } = details;
  const named = [...latest, ...failed].map(({ name }) => name);
  return [plan.userId ?? '', preparedFor ?? '', ...people.map(({ user }) => user), ...named];
}

function noteBlocks(pdf: Pdf, text: string): readonly Block[] {
  const { left, width } = area(pdf);
  const lines = wrap(pdf.font(fonts.regular).fontSize(8), text, width, 3);
  return [
    {
      height: lines.length * 11 + 8,
      draw: (target, top) => {
        target.font(fonts.regular).fontSize(8).fillColor(colours.faint);
        lines.forEach((line, at) => void target.text(line, left, top + 6 + at * 11, { lineBreak: false }));
      },
    },
  ];
}

const number = (title: string, share: number): Column => ({ title, share, align: 'right' });

const UNIT_TITLES = { hour: 'Hour', day: 'Day', month: 'Month' } as const;

/** Builds the table of figures. Parts without documents are left out, because they would fill a page with zeros. */
function parts({ data }: PdfContent): Table {
  const shown = data.buckets.filter(({ completed, failed, open }) => completed + failed + open > 0);
  return {
    title: `Figures by ${data.unit}`,
    columns: [
      { title: UNIT_TITLES[data.unit], share: 0.3 },
      number('Documents', 0.175),
      number('Read', 0.175),
      number('Failed', 0.175),
      number('Open', 0.175),
    ],
    rows: shown.map(({ label, completed, failed, open }) => [
      label,
      count(completed + failed + open),
      count(completed),
      count(failed),
      count(open),
    ]),
    ...(shown.length === data.buckets.length ? {} : { note: `A ${data.unit} without documents has no row.` }),
  };
}

function engines({ data }: PdfContent): Table {
  return {
    title: 'Engines that read the documents',
    columns: [
      { title: 'Engine', share: 0.4 },
      number('Documents', 0.2),
      number('Pages', 0.2),
      number('Mean confidence', 0.2),
    ],
    rows: data.engines.map(({ engine, documents: read, pages, confidence }) => [
      engine,
      count(read),
      count(pages),
      percent(confidence === null ? null : confidence * 100, 1),
    ]),
  };
}

function failures({ data }: PdfContent): Table {
  return {
    title: 'Why documents were not read',
    columns: [
      { title: 'Reason', share: 0.44, lines: 3 },
      { title: 'What to do', share: 0.4, lines: 3 },
      number('Documents', 0.16),
    ],
    rows: data.failures.map(({ type, documents: failed }) => {
      const { cause, remedy } = failureWords(type);
      return [cause, remedy, count(failed)];
    }),
  };
}

function failedDocuments({ data, details: { failures: failed } }: PdfContent): Table {
  const more = data.failed - failed.length;
  return {
    title: 'Documents that were not read',
    columns: [
      { title: 'Document', share: 0.36 },
      { title: 'Received', share: 0.18 },
      { title: 'Reason', share: 0.46, lines: 3 },
    ],
    rows: failed.map(({ name, created, type }) => [name, created, failureWords(type).cause]),
    ...(more > 0 ? { note: `The latest are named here; an export lists the other ${count(more)} too.` } : {}),
  };
}

function users({ details }: PdfContent): Table {
  return {
    title: 'Users with the most documents',
    columns: [{ title: 'User', share: 0.6 }, number('Documents', 0.2), number('Read', 0.2)],
    rows: details.users.map(({ user, documents: all, completed }) => [user, count(all), count(completed)]),
  };
}

function documents({ details }: PdfContent): Table {
  return {
    title: 'Latest documents',
    columns: [
      { title: 'Document', share: 0.42 },
      { title: 'Received', share: 0.2 },
      { title: 'Status', share: 0.14 },
      number('Pages', 0.1),
      number('Confidence', 0.14),
    ],
    rows: details.documents.map(({ name, created, status, pages, confidence }) => [
      name,
      created,
      status,
      pages === null ? '–' : count(pages),
      percent(confidence === null ? null : confidence * 100, 1),
    ]),
  };
}
