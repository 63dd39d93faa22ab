/** The tables of a report: the figures behind the charts, and the names of people and documents. */
import { colours } from './chart-specs.ts';
import { area, count, fonts, heading, makeRoom, percent, type Pdf } from './pdf-style.ts';
import { type Column, drawTable, TABLE_START } from './pdf-table.ts';
import type { PdfContent } from './port.ts';

interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** Draws every table that has rows, and a note when the font lacks characters of a name. */
export function drawTables(pdf: Pdf, content: PdfContent): void {
  for (const table of [parts(content), engines(content), failures(content), users(content), documents(content)]) {
    if (table.rows.length === 0) continue;
    heading(pdf, table.title, TABLE_START);
    drawTable(pdf, table.columns, table.rows);
  }
  if (namesOf(content).some((name) => EAST_ASIAN.test(name))) drawNote(pdf, NOT_SHOWN);
}

/** The scripts of names that the font of a report most often lacks. */
const EAST_ASIAN = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}]/u;

const NOT_SHOWN =
  'Names hold Chinese, Japanese or Korean characters, which the font of this report lacks: they show as boxes. Exports as CSV, JSON or XLSX contain them unchanged.';

function namesOf({ plan, details }: PdfContent): readonly string[] {
  const { preparedFor, users: people, documents: latest } = details;
  return [plan.userId ?? '', preparedFor ?? '', ...people.map(({ user }) => user), ...latest.map(({ name }) => name)];
}

function drawNote(pdf: Pdf, text: string): void {
  const { left, width } = area(pdf);
  makeRoom(pdf, 24);
  pdf.font(fonts.regular).fontSize(8).fillColor(colours.faint).text(text, left, pdf.y, { width });
}

const number = (title: string, share: number): Column => ({ title, share, align: 'right' });

const UNIT_TITLES = { hour: 'Hour', day: 'Day', month: 'Month' } as const;

/**
 * Builds the table of figures. Hours without documents are left out, because they would fill a page with zeros; days of
 * a month are kept.
 */
function parts({ data }: PdfContent): Table {
  const shown = data.buckets.filter(
    ({ completed, failed, open }) => data.unit === 'day' || completed + failed + open > 0,
  );
  return {
    title: `Figures by ${data.unit}`,
    columns: [
      { title: UNIT_TITLES[data.unit], share: 0.3 },
      number('Documents', 0.175),
      number('Read', 0.175),
      number('Failed', 0.175),
      number('Open', 0.175),
    ],
    rows:
      data.documents === 0
        ? []
        : shown.map(({ label, completed, failed, open }) => [
            label,
            count(completed + failed + open),
            count(completed),
            count(failed),
            count(open),
          ]),
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
    columns: [{ title: 'Failure', share: 0.7 }, number('Documents', 0.3)],
    rows: data.failures.map(({ type, documents: failed }) => [type, count(failed)]),
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
