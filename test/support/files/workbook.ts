/** Makes workbooks and archives, good ones and hostile ones. */
import { crc32, deflateRawSync } from 'node:zlib';

/** One part of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly data: string | Buffer;
  /** What is stored in place of the packed data. */
  readonly packed?: Buffer;
  /** The unpacked size that the archive claims. */
  readonly size?: number;
}

/** An archive of some parts. */
export function zip(parts: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const data = Buffer.from(part.data as Buffer); // a copy of either
    const packed = part.packed ?? deflateRawSync(data);
    const name = Buffer.from(part.name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(part.size ?? data.length, 18);
    facts.writeUInt16LE(name.length, 22);
    files.push(Buffer.from('PK\u0003\u0004'), facts, name, packed);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), facts, place, name);
    offset += 4 + facts.length + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, listed, Buffer.from('PK\u0005\u0006'), end]);
}

/** A cell: text, number, truth, or a date as Excel counts them. */
export type Cell = string | number | boolean | { readonly date: number };

/** A workbook with one sheet; every other text is shared, the others stand in their cells. */
export function workbook(rows: readonly (readonly Cell[])[]): Buffer {
  const shared: string[] = [];
  const lines = rows.map((cells, row) =>
    cells.length === 0
      ? ''
      : `<row r="${row + 1}">${cells.map((cell, at) => cellXml(cell, row, at, shared)).join('')}</row>`,
  );
  const strings = shared.map((text) => `<si><t>${escape(text)}</t></si>`).join('');
  return workbookOf({ sheet: lines.join(''), shared: strings });
}

/** A workbook of one sheet from the XML inside of its parts. */
export function workbookOf({
  sheet,
  shared = '',
  styles,
  formats = '',
  facts = '',
  sheets,
  more = [],
}: WorkbookXml): Buffer {
  return zip([
    {
      name: 'xl/workbook.xml',
      data: `<workbook>${facts}<sheets>${sheets ?? '<sheet name="Sheet1" sheetId="1" r:id="rId1"/>'}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: `<Relationships>${FIXED.join('')}${more.map(({ type }, at) => relationship(`rId${at + 2}`, type, `${type}s/more${at + 2}.xml`)).join('')}</Relationships>`,
    },
    {
      name: 'xl/styles.xml',
      data: `<styleSheet><numFmts>${formats}</numFmts><cellXfs>${styles ?? '<xf numFmtId="0"/><xf numFmtId="14"/>'}</cellXfs></styleSheet>`,
    },
    { name: 'xl/sharedStrings.xml', data: `<sst>${shared}</sst>` },
    { name: 'xl/worksheets/sheet1.xml', data: `<worksheet><sheetData>${sheet}</sheetData></worksheet>` },
    ...more.map(({ type, data }, at) => ({ name: `xl/${type}s/more${at + 2}.xml`, data })),
  ]);
}

function relationship(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
}

const FIXED = [
  relationship('rId1', 'worksheet', 'worksheets/sheet1.xml'),
  relationship('rIdA', 'styles', 'styles.xml'),
  relationship('rIdB', 'sharedStrings', 'sharedStrings.xml'),
];

/** A sheet beside the first; its relationship is `rId2` and so on. */
interface MoreSheet {
  readonly type: 'worksheet' | 'chartsheet';
  readonly data: string;
}

/** XML inside of the parts of a workbook. */
interface WorkbookXml {
  readonly sheet: string;
  readonly shared?: string;
  readonly styles?: string;
  readonly formats?: string;
  /** What stands before the list of sheets. */
  readonly facts?: string;
  /** The list of sheets. */
  readonly sheets?: string;
  readonly more?: readonly MoreSheet[];
}

function cellXml(cell: Cell, row: number, at: number, shared: string[]): string {
  const place = `${String.fromCharCode(65 + at)}${row + 1}`;
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${place}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === 'object') return `<c r="${place}" s="1"><v>${cell.date}</v></c>`;
  if (at % 2 === 0) return `<c r="${place}" t="s"><v>${shared.push(cell) - 1}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t>${escape(cell)}</t></is></c>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
