/** Finds the sheet of a workbook that is to be read. */
import { posix } from 'node:path';
import { PerennialError } from '../../../../contracts/failures.ts';
import { MAX_SHEETS } from './limits.ts';
import { readWholeXml } from './xml.ts';
import { bomb, unreadable, type ZipEntries } from './zip.ts';

/** The sheet that is read. */
export interface ChosenSheet {
  readonly name: string;
  /** Its part in the archive. */
  readonly path: string;
  /** Parts of the shared texts and of the styles; the archive may lack them. */
  readonly sharedPath: string;
  readonly stylesPath: string;
  /** Names of the other sheets, at most {@link MAX_NAMED_SHEETS}. */
  readonly others: string[];
  /** Whether the days of the workbook count from 1 January 1904. */
  readonly from1904: boolean;
}

/** Sheets that are named where many are not read. */
const MAX_NAMED_SHEETS = 50;
/** Characters of a name; Excel's limit is 31. */
const MAX_NAME = 100;

interface ListedSheet {
  readonly name: string;
  readonly id: string;
  readonly visible: boolean;
}

/**
 * Returns the sheet with a name, or the first that is visible and holds cells rather than a chart.
 * @throws PerennialError `ImportUnreadable`, `ArchiveBomb`
 */
export async function chooseSheet(parts: ZipEntries, wanted: string | undefined): Promise<ChosenSheet> {
  if (!parts.has('xl/workbook.xml')) throw unreadable(otherArchive(parts));
  const { sheets, from1904 } = await listedSheets(parts);
  const targets = await relationships(parts);
  const tables = sheets.filter(({ id }) => (targets.get(id)?.type ?? TABLE) === TABLE);
  const sheet =
    wanted === undefined
      ? (tables.find(({ visible }) => visible) ?? tables[0])
      : sheets.find(({ name }) => name === wanted);
  if (sheet === undefined) {
    const names = sheets.slice(0, 10).map(({ name }) => `'${name.slice(0, 40)}'`);
    throw new PerennialError('ImportUnreadable', `sheet: expected one of ${names.join(', ')}, got '${wanted ?? ''}'.`);
  }
  const partOf = (type: string, usual: string): string =>
    [...targets.values()].find((target) => target.type === type)?.path ?? usual;
  const others = tables.filter((other) => other !== sheet).map(({ name }) => name.slice(0, MAX_NAME));
  return {
    name: sheet.name.slice(0, MAX_NAME),
    path: targets.get(sheet.id)?.path ?? 'xl/worksheets/sheet1.xml',
    sharedPath: partOf('sharedStrings', 'xl/sharedStrings.xml'),
    stylesPath: partOf('styles', 'xl/styles.xml'),
    others: others.slice(0, MAX_NAMED_SHEETS),
    from1904,
  };
}

/** Names an archive that is not a workbook by the parts that it holds. */
function otherArchive(parts: ZipEntries): string {
  const known = [
    ['xl/workbook.bin', 'a binary workbook (XLSB)'],
    ['word/document.xml', 'a Word document (an archive without a workbook)'],
    ['ppt/presentation.xml', 'a presentation (an archive without a workbook)'],
    ['Index/Document.iwa', 'a document of Numbers or Pages (an archive without a workbook)'],
    ['META-INF/manifest.xml', 'an OpenDocument file such as ODS (an archive without a workbook)'],
  ] as const;
  return known.find(([part]) => parts.has(part))?.[1] ?? 'an archive without a workbook (ZIP)';
}

async function listedSheets(parts: ZipEntries): Promise<{ sheets: readonly ListedSheet[]; from1904: boolean }> {
  const sheets: ListedSheet[] = [];
  let from1904 = false;
  await readWholeXml(await parts.open('xl/workbook.xml'), {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = /^(1|true|on)$/i.test(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      if (sheets.length >= MAX_SHEETS) throw bomb(`more than ${MAX_SHEETS} sheets`);
      const visible = (attributes['state'] ?? 'visible') === 'visible';
      sheets.push({ name: attributes['name'] ?? '', id: relationshipOf(attributes), visible });
    },
  });
  return { sheets, from1904 };
}

/** Returns the id of the relationship, whatever prefix its namespace has. */
function relationshipOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? '';
}

interface Target {
  readonly path: string;
  /** The last word of the type, which is an address. */
  readonly type: string;
}

const TABLE = 'worksheet';

async function relationships(parts: ZipEntries): Promise<ReadonlyMap<string, Target>> {
  const targets = new Map<string, Target>();
  await readWholeXml(await parts.open('xl/_rels/workbook.xml.rels'), {
    open: (name, { Id = '', Target = '', Type = TABLE }) => {
      if (name !== 'Relationship') return;
      if (targets.size >= MAX_SHEETS) throw bomb(`more than ${MAX_SHEETS} relationships`);
      const path = Target.startsWith('/') ? Target.slice(1) : posix.join('xl', Target);
      targets.set(Id, { path, type: Type.slice(Type.lastIndexOf('/') + 1) });
    },
  });
  return targets;
}
