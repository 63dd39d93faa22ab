/**
 * Draws pages from plain descriptions and returns their true text. Lines are broken here and not by pdfkit, so that the
 * truth has exactly the printed lines.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';

const fontFolder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');

const fontFiles = {
  serif: 'DejaVuSerif.ttf',
  serifBold: 'DejaVuSerif-Bold.ttf',
  serifItalic: 'DejaVuSerif-Italic.ttf',
  serifNarrow: 'DejaVuSerifCondensed.ttf',
  sans: 'DejaVuSans.ttf',
  sansBold: 'DejaVuSans-Bold.ttf',
  sansItalic: 'DejaVuSans-Oblique.ttf',
  sansNarrow: 'DejaVuSansCondensed.ttf',
  sansNarrowBold: 'DejaVuSansCondensed-Bold.ttf',
  mono: 'DejaVuSansMono.ttf',
  monoBold: 'DejaVuSansMono-Bold.ttf',
} as const;

/** A font of the samples. */
export type FontName = keyof typeof fontFiles;

/** Alignment of a line between its edges. */
export type Align = 'left' | 'center' | 'right';

/** A paragraph or heading. */
export interface TextBlock {
  readonly kind: 'text';
  readonly text: string;
  readonly font: FontName;
  readonly size: number;
  readonly align?: Align;
  /** Space below the block, in points. */
  readonly after?: number;
  readonly indent?: number;
}

/** A column of a table, whose width is a share of the frame's width. */
export interface TableColumn {
  readonly share: number;
  readonly align: Align;
}

/** One row of a table. */
export interface RowBlock {
  readonly kind: 'row';
  readonly cells: readonly string[];
  readonly columns: readonly TableColumn[];
  readonly font: FontName;
  readonly size: number;
  readonly after?: number;
}

/** A text, a row of a table, a horizontal line, empty space, or blocks side by side. */
export type Block =
  | TextBlock
  | RowBlock
  | { readonly kind: 'rule'; readonly after?: number }
  | { readonly kind: 'gap'; readonly height: number }
  | { readonly kind: 'columns'; readonly columns: readonly (readonly Block[])[]; readonly gutter: number };

/** A page with its size and margin in points and its blocks. */
export interface PageSpec {
  readonly size: readonly [number, number];
  readonly margin: number;
  readonly blocks: readonly Block[];
}

/** Size of A4 in points. */
export const a4: readonly [number, number] = [595.28, 841.89];
/** Size of A5 in points. */
export const a5: readonly [number, number] = [419.53, 595.28];

type Pdf = InstanceType<typeof PDFDocument>;

interface Frame {
  readonly x: number;
  readonly width: number;
  y: number;
  readonly lines: string[];
}

const leading = 1.38;

/** Returns the path of the file of a font. */
export function fontPath(name: FontName): string {
  return join(fontFolder, fontFiles[name]);
}

/** Opens a PDF whose date and id are the same on every run. */
export function openPdf(title: string, password?: string): Pdf {
  const day = new Date(Date.UTC(2025, 2, 20, 9, 0, 0));
  return new PDFDocument({
    autoFirstPage: false,
    font: fontPath('serif'),
    info: {
      Title: title,
      Author: 'Perennial',
      Producer: 'Perennial',
      Creator: 'Perennial',
      CreationDate: day,
      ModDate: day,
    },
    ...(password === undefined ? {} : { userPassword: password, ownerPassword: password }),
  });
}

/** Ends a PDF and returns its bytes. */
export async function closePdf(doc: Pdf): Promise<Buffer> {
  const parts: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    doc.on('data', (part: Buffer) => parts.push(part));
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  doc.end();
  await done;
  return Buffer.concat(parts);
}

/** Adds a page to a PDF, draws it, and returns its true text. */
export function drawPage(doc: Pdf, page: PageSpec): string {
  doc.addPage({ size: [...page.size], margin: 0 });
  const frame: Frame = { x: page.margin, width: page.size[0] - 2 * page.margin, y: page.margin, lines: [] };
  drawBlocks(doc, frame, page.blocks);
  if (frame.y > page.size[1] - page.margin / 2) {
    throw new Error(
      `A page overflows: expected at most ${page.size[1]} points, found ${Math.round(frame.y)}. Shorten its text.`,
    );
  }
  return frame.lines
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}

function drawBlocks(doc: Pdf, frame: Frame, blocks: readonly Block[]): void {
  for (const block of blocks) drawBlock(doc, frame, block);
}

function drawBlock(doc: Pdf, frame: Frame, block: Block): void {
  switch (block.kind) {
    case 'gap':
      frame.y += block.height;
      frame.lines.push('');
      return;
    case 'rule':
      doc
        .moveTo(frame.x, frame.y)
        .lineTo(frame.x + frame.width, frame.y)
        .lineWidth(0.7)
        .stroke('#000000');
      frame.y += block.after ?? 6;
      return;
    case 'columns':
      drawColumns(doc, frame, block.columns, block.gutter);
      return;
    case 'row':
      drawRow(doc, frame, block);
      return;
    case 'text':
      drawText(doc, frame, block);
  }
}

function drawColumns(doc: Pdf, frame: Frame, columns: readonly (readonly Block[])[], gutter: number): void {
  const width = (frame.width - gutter * (columns.length - 1)) / columns.length;
  let bottom = frame.y;
  columns.forEach((blocks, index) => {
    const part: Frame = { x: frame.x + index * (width + gutter), width, y: frame.y, lines: frame.lines };
    drawBlocks(doc, part, blocks);
    part.lines.push('');
    bottom = Math.max(bottom, part.y);
  });
  frame.y = bottom;
}

function drawRow(doc: Pdf, frame: Frame, row: RowBlock): void {
  doc.font(fontPath(row.font)).fontSize(row.size);
  let left = frame.x;
  row.columns.forEach((column, index) => {
    const width = column.share * frame.width;
    drawLine(doc, row.cells[index] ?? '', { x: left, width, y: frame.y }, column.align);
    left += width;
  });
  frame.lines.push(row.cells.filter((cell) => cell !== '').join(' '));
  frame.y += row.size * leading + (row.after ?? 0);
}

function drawText(doc: Pdf, frame: Frame, block: TextBlock): void {
  doc.font(fontPath(block.font)).fontSize(block.size);
  const indent = block.indent ?? 0;
  for (const paragraph of block.text.split('\n')) {
    for (const line of wrap(doc, paragraph, frame.width - indent)) {
      drawLine(doc, line, { x: frame.x + indent, width: frame.width - indent, y: frame.y }, block.align ?? 'left');
      frame.lines.push(line);
      frame.y += block.size * leading;
    }
  }
  const after = block.after ?? 0;
  frame.y += after;
  if (after >= block.size * 0.5) frame.lines.push('');
}

function drawLine(doc: Pdf, line: string, at: { x: number; width: number; y: number }, align: Align): void {
  if (line === '') return;
  const free = at.width - doc.widthOfString(line);
  const shift = align === 'left' ? 0 : align === 'right' ? free : free / 2;
  doc.fillColor('#000000').text(line, at.x + shift, at.y, { lineBreak: false });
}

function wrap(doc: Pdf, paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && doc.widthOfString(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
