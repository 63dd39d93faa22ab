/** Pages made for the tests, with text that is known. */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

export const PARAGRAPH = [
  'The gardener walked slowly between the rows of young plants and',
  'counted every pot that stood in the shade of the old glass house.',
  'Two hundred and fourteen were ready for the market on Saturday, and',
  'the others would follow before the end of the month if the weather',
  'stayed dry. She wrote the numbers into her book and locked the door.',
];

const FONT = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSerif.ttf');

/** One entry a page: lines of text, or a picture. */
export type PageContent =
  | { readonly lines: readonly string[] }
  | {
      readonly picture: Buffer;
      /** Left, top, width and height in points; without it, the picture fills the page. */
      readonly at?: readonly [number, number, number, number];
      readonly stamp?: string;
      readonly layer?: readonly string[];
      readonly hidden?: boolean;
    };

export async function makePdf(
  pages: readonly PageContent[],
  options: { readonly userPassword?: string; readonly size?: [number, number] } = {},
): Promise<Buffer> {
  const { size = [420, 300], ...rest } = options;
  const document = new PDFDocument({ autoFirstPage: false, ...rest });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => document.once('end', resolve));
  for (const page of pages) {
    document.addPage({ size, margin: 0 });
    document.font(FONT).fontSize(10);
    if ('picture' in page) place(document, page, page.at ?? [0, 0, ...size]);
    // Behind the picture, the layer is there for copying only.
    if ('hidden' in page && page.hidden) document.fillOpacity(0);
    const lines = 'picture' in page ? (page.layer ?? []) : page.lines;
    lines.forEach((line, index) => document.text(line, 36, 40 + index * 18, { lineBreak: false }));
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

function place(
  document: PDFKit.PDFDocument,
  { picture, stamp }: { readonly picture: Buffer; readonly stamp?: string },
  [x, y, width, height]: readonly [number, number, number, number],
): void {
  document.image(picture, x, y, { width, height });
  if (stamp !== undefined) document.text(stamp, 20, 20);
}

/** Character error rate over text with white space collapsed. */
export function errorRate(found: string, truth: string): number {
  const [one, other] = [found, truth].map((text) => text.split(/\s+/).filter(Boolean).join(' ')) as [string, string];
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)));
    }
    previous = row;
  }
  return previous[other.length]! / other.length;
}
