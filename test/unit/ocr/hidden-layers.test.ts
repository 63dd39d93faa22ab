import { expect, it } from 'vitest';
import { addText } from '../../../services/ocr/searchable/added-text.ts';
import type { AddedText } from '../../../services/ocr/searchable/port.ts';
import { renderPdf, textOfPdf } from '../../support/files/pdf-text.ts';
import { assembled, stream } from './drawn.ts';

const NONSENSE = 'xkqz wvtj qqpz hgfk';
const SEEN = 'The valley lies still';
const READ = 'evening';
const PICTURE = 'q 420 0 0 300 0 0 cm /Im1 Do Q';
/** `/F2` is a Chinese font that is not in the file: readers that have it draw it, and PDFium does not. */
const FONT = '/Font << /F1 4 0 R /F2 12 0 R >>';
const FORM = '/Type /XObject /Subtype /Form /BBox [0 0 420 300]';

function line(text: string, y: number, before = '0 g'): string {
  return `BT ${before} /F1 12 Tf 40 ${String(y)} Td (${text}) Tj ET`;
}

/**
 * Two pages; `/Fm1` is a form with a text, `/Fm2` one around it, `/Fm3` one with a text under a picture. `/Fm4` is a group of two
 * squares, one over the other, and an invisible text; with `/Gs1` the group as a whole shines through.
 */
function twoPages(first: string, second: string): Buffer {
  const page = (contents: number): string =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 300] /Contents ${String(contents)} 0 R /Resources << ${FONT}
        /XObject << /Im1 6 0 R /Fm1 7 0 R /Fm2 8 0 R /Fm3 11 0 R /Fm4 15 0 R >> /ExtGState << /Gs1 << /ca 0.5 >> >> >> >>`;
  return assembled([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R 9 0 R] /Count 2 >>',
    page(5),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    stream('', first),
    stream('/Type /XObject /Subtype /Image /Width 8 /Height 1 /BitsPerComponent 1 /ColorSpace /DeviceGray', '\x55'),
    stream(`${FORM} /Resources << ${FONT} >>`, line(NONSENSE, 100)),
    stream(`${FORM} /Resources << ${FONT} /XObject << /Fm1 7 0 R >> >>`, `q 0.5 0 0 0.5 40 50 cm /Fm1 Do Q`),
    page(10),
    stream('', second),
    stream(
      `${FORM.replace('420', '300')} /Resources << ${FONT} /XObject << /Fm2 8 0 R /Im1 6 0 R >> >>`,
      `/Fm2 Do ${line(NONSENSE, 200)} ${PICTURE}`,
    ),
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [13 0 R] >>',
    `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 14 0 R
        /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>`,
    `<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0
        /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>`,
    stream(
      `${FORM} /Group << /S /Transparency >> /Resources << ${FONT} >>`,
      `0 g 100 100 60 60 re f 130 130 60 60 re f ${line(NONSENSE, 100, '3 Tr')}`,
    ),
  ]);
}

const reading: AddedText = {
  page: 0,
  text: READ,
  words: [{ text: READ, confidence: 1, line: 0, box: [0.1, 0.1, 0.3, 0.15] }],
  rotation: 0,
  skew: 0,
  origin: 'ocr',
};

async function copyOf(pdf: Buffer, origin: AddedText['origin'] = 'ocr'): Promise<Buffer> {
  const parts: Buffer[] = [];
  await addText(pdf, [{ ...reading, origin }], (part) => parts.push(Buffer.from(part)));
  return Buffer.concat(parts);
}

const visible = line(SEEN, 20);

it.each([
  ['invisible writing', `q ${line(NONSENSE, 100, '3 Tr')} Q ${visible}`],
  ['under a picture', `${line(NONSENSE, 100)} ${PICTURE} ${visible}`],
  ['white on white', `${line(NONSENSE, 100, '1 g')} ${visible}`],
  ['outside a clipping path', `q 0 0 9 9 re W n ${line(NONSENSE, 100)} Q ${visible}`],
  ['in a form under a picture', `/Fm1 Do ${PICTURE} ${visible}`],
  ['in a form inside a form under a picture', `q 0.8 0 0 0.8 5 5 cm /Fm2 Do Q ${PICTURE} ${visible}`],
  ['under the picture of its form', `q 0.5 0.1 -0.1 0.5 100 100 cm /Fm3 Do Q ${visible}`],
])('OCR-3 a searchable copy leaves out a layer that was found to be wrong: %s', async (_kind, first) => {
  const made = twoPages(first, `${line(SEEN, 200)} /Fm1 Do`);
  expect((await textOfPdf(made))[0]).toContain(NONSENSE);
  const copy = await copyOf(made);
  const [text, other] = (await textOfPdf(copy)).map((one) => one.split(/\s+/).join(' ').trim());
  expect(text).not.toContain('wvtj');
  expect(text).toContain(SEEN);
  expect(text).toContain(READ);
  expect(other, 'another page that shows the same form').toBe(`${SEEN} ${NONSENSE}`);
  for (const page of [0, 1]) {
    const [before, after] = [await renderPdf(made, page, 840, 600), await renderPdf(copy, page, 840, 600)];
    expect(Buffer.compare(before, after), 'looks the same').toBe(0);
  }
});

it.each([
  ['seen beside a picture', `/Fm1 Do q 100 0 0 50 200 200 cm /Im1 Do Q`, 'ocr' as const],
  ['seen above a picture', `${PICTURE} 1 g 0 90 420 40 re f /Fm2 Do /Fm1 Do`, 'ocr' as const],
  ['of a page whose layer was believed', `${line(NONSENSE, 100)} ${PICTURE}`, 'mixed' as const],
])('OCR-3 a searchable copy keeps text that is %s', async (_kind, first, origin) => {
  const made = twoPages(first, visible);
  const [before] = await textOfPdf(made);
  const [after] = await textOfPdf(await copyOf(made, origin));
  expect(after).toContain(READ);
  expect(after?.split('wvtj')).toHaveLength(before?.split('wvtj').length ?? 0);
});

function chinese(before: string): string {
  return `BT ${before} /F2 12 Tf 40 100 Td <4E2D6587> Tj ET`;
}

it('OCR-3 a searchable copy keeps text that other readers may draw, and not where nobody draws it', async () => {
  const drawn = twoPages(`${chinese('0 Tr')} ${visible}`, visible);
  expect((await textOfPdf(drawn))[0]).toContain('中文');
  expect((await textOfPdf(await copyOf(drawn)))[0]).toContain('中文');
  const [text] = await textOfPdf(await copyOf(twoPages(`q ${chinese('3 Tr')} Q ${visible}`, visible)));
  expect(text).not.toContain('中文');
  expect(text).toContain(SEEN);
});

it('OCR-3 a page that would look otherwise without its unseen text is not copied, but drawn', async () => {
  const made = twoPages(`q /Gs1 gs /Fm4 Do Q ${visible}`, visible);
  await expect(copyOf(made)).rejects.toMatchObject({
    type: 'CorruptDocument',
    message: expect.stringContaining('text that nobody sees cannot be removed from it') as string,
  });
  const kept = await copyOf(made, 'mixed');
  expect((await textOfPdf(kept))[0]).toContain('wvtj');
});
