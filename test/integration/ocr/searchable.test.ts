import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PageReading } from '../../../services/ocr/port.ts';
import type { PooledOcrReader } from '../../../services/ocr/reader.ts';
import { createSearchablePdfs } from '../../../services/ocr/searchable/pdfs.ts';
import type { SearchableFormat, SearchablePdf } from '../../../services/ocr/searchable/port.ts';
import { contentsOf, partsOf, wordPlaces } from '../../support/files/pdf-parts.ts';
import { renderPdf, textOfPdf } from '../../support/files/pdf-text.ts';
import { makePdf, PARAGRAPH } from '../../unit/ocr/pages.ts';
import { never, request } from './request.ts';
import { picture, useReaders } from './support.ts';

const { folder, reader: makeReader, stored } = useReaders();
let reader: PooledOcrReader;
beforeAll(() => {
  reader = makeReader();
});

async function searchable(
  name: string,
  bytes: Buffer,
  format: SearchableFormat = 'pdf',
  change: (reading: PageReading) => PageReading = (reading) => reading,
): Promise<{ readonly pdf: SearchablePdf; readonly bytes: Buffer; readonly readings: readonly PageReading[] }> {
  const path = await stored(name, bytes);
  const { mediaType, pages } = await reader.inspect(path, never);
  const readings: PageReading[] = [];
  for (let page = 0; page < pages; page += 1)
    readings.push(change(await reader.readPage(request(path, { mediaType, page, forceOcr: false }), never)));
  const pdf = await createSearchablePdfs(reader).open(
    { path, name, readings: () => Readable.from(readings) },
    format,
    never,
  );
  try {
    return { pdf, bytes: await buffer(pdf.content), readings };
  } finally {
    await pdf.release();
  }
}

/** A scan of the paragraph with an invisible text, and perhaps a field that somebody signed. */
async function layeredPdf(layer: string, isSigned = false): Promise<Buffer> {
  const document = new PDFDocument({ size: [420, 300], margin: 0 });
  const content = buffer(document);
  document.image(await picture(reader, folder()), 0, 0, { width: 420, height: 300 });
  document.addContent('3 Tr');
  document.fontSize(6).text(layer, 36, 60, { lineBreak: false });
  if (isSigned) {
    document.initForm();
    const value = document.ref({
      Type: 'Sig',
      Filter: 'Adobe.PPKLite',
      ByteRange: [0, 1, 2, 3],
      Contents: Buffer.of(0),
    });
    const field = document.ref({ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', Rect: [0, 0, 0, 0], V: value });
    value.end(undefined);
    field.end(undefined);
    // The types of pdfkit leave out the catalogue.
    const { _root: root } = document as unknown as {
      _root: { data: { AcroForm: { data: { Fields: unknown[] } } } };
    };
    root.data.AcroForm.data.Fields.push(field);
  }
  document.end();
  return content;
}

/** A page with text, a link, a form, an outline and an attachment, and a page that is a scan. */
async function mixedPdf(scan: Buffer, options: PDFKit.PDFDocumentOptions = {}, rotate = 0): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false, pdfVersion: '1.7', ...options });
  const content = buffer(document);
  document.addPage({ size: [420, 300], margin: 0 });
  document.initForm();
  document.fontSize(10);
  PARAGRAPH.forEach((line, index) => document.text(line, 36, 40 + index * 18, { lineBreak: false }));
  document.link(36, 40, 100, 12, 'https://example.org/terms');
  document.formText('applicant', 36, 200, 200, 20, { value: 'Marianne Example' });
  document.outline.addItem('First chapter');
  document.file(Buffer.from('a,b\n1,2\n'), { name: 'figures.csv' });
  document.addPage({ size: [420, 300], margin: 0 });
  document.image(scan, 0, 0, { width: 420, height: 300 });
  if (rotate > 0) (document.page.dictionary as unknown as { data: { Rotate?: number } }).data.Rotate = rotate;
  document.end();
  return content;
}

const squeezed = (text: string | undefined): string => (text ?? '').split(/\s+/).filter(Boolean).join(' ');

describe('a searchable PDF of a PDF', () => {
  test('keeps text, links, forms, outline and attachments, and adds the text of scans', async () => {
    const source = await mixedPdf(await picture(reader, folder()));
    const { pdf, bytes } = await searchable('mixed.pdf', source);
    expect([pdf.pages, pdf.reason]).toEqual(['original', undefined]);
    const [before, after] = [await partsOf(source), await partsOf(bytes)];
    expect(before).toMatchObject({
      links: ['https://example.org/terms'],
      fields: ['applicant=Marianne Example'],
      outline: ['First chapter'],
      attachments: ['figures.csv'],
    });
    expect(after).toEqual(before);
    const [kept, scanned] = await textOfPdf(bytes);
    expect(squeezed(kept)).toBe(PARAGRAPH.join(' '));
    expect(squeezed((await textOfPdf(source))[1])).toBe('');
    expect(squeezed(scanned)).toBe(PARAGRAPH.join(' '));
    // The streams of the source are in the copy byte for byte, and pages look as before.
    for (const stream of contentsOf(source)) expect(bytes.includes(stream)).toBe(true);
    for (const page of [0, 1]) {
      const [one, other] = [await renderPdf(source, page, 420, 300), await renderPdf(bytes, page, 420, 300)];
      expect(createHash('sha256').update(other).digest('hex')).toBe(createHash('sha256').update(one).digest('hex'));
    }
  });

  test('is the file itself where nothing was recognised', async () => {
    const source = await makePdf([{ lines: PARAGRAPH }]);
    const { pdf, bytes } = await searchable('text.pdf', source);
    expect(pdf.pages).toBe('original');
    expect(bytes.equals(source)).toBe(true);
  });

  test.each([90, 180, 270])(
    'has its words on the scan of a page that is shown turned by %d degrees',
    async (rotate) => {
      const scan = await picture(reader, folder(), 360 - rotate);
      const source = await mixedPdf(await sharp(scan).resize(1260, 900, { fit: 'fill' }).png().toBuffer(), {}, rotate);
      const { bytes, readings } = await searchable(`rotate-${String(rotate)}.pdf`, source);
      expect(squeezed((await textOfPdf(bytes))[1])).toBe(squeezed(readings[1]?.text));
      expect(readings[1]?.rotation).toBe(0);
      await expectPlaces(bytes, readings[1]);
    },
  );

  test.each([90, 180, 270])('has the words of a scan that lies at %d degrees in their places', async (degrees) => {
    const upright = await picture(reader, folder(), degrees);
    const source = await mixedPdf(upright);
    const { bytes, readings } = await searchable(`lies-${String(degrees)}.pdf`, source);
    expect(readings[1]?.rotation).toBe(360 - degrees);
    expect(squeezed((await textOfPdf(bytes))[1])).toBe(squeezed(readings[1]?.text));
    // The first word begins in that corner of the page as shown in which the scan has its first letter.
    const [x, y] = (await wordPlaces(bytes, 1))[0] ?? [0, 0];
    expect([x > 0.5, y > 0.5]).toEqual({ 90: [true, false], 180: [true, true], 270: [false, true] }[degrees]);
  });

  test('has text in every script, and text without places line by line', async () => {
    const text = 'Grüße 東京\nΕλλάς 🙂 𠮷';
    const { bytes } = await searchable(
      'scripts.pdf',
      await mixedPdf(await picture(reader, folder())),
      'pdf',
      (reading) => (reading.page === 1 ? { ...reading, words: [], text } : reading),
    );
    expect(squeezed((await textOfPdf(bytes))[1])).toBe(squeezed(text));
  });

  test('has no word twice where a page holds text and a scan', async () => {
    const footer = 'Scanned by the office of the old mill';
    const scan = sharp(await picture(reader, folder()))
      .extract({ left: 0, top: 0, width: 1750, height: 700 })
      .png();
    const document = new PDFDocument({ size: [420, 300], margin: 0 });
    const content = buffer(document);
    document.image(await scan.toBuffer(), 0, 0, { width: 420 });
    document.fontSize(10).text(footer, 36, 250, { lineBreak: false });
    document.end();
    const { bytes, readings } = await searchable('footer.pdf', await content);
    expect(readings[0]?.origin).toBe('mixed');
    const found = squeezed((await textOfPdf(bytes))[0]);
    expect(found.split('Scanned')).toHaveLength(2);
    expect(found).toBe(`${footer} ${PARAGRAPH.join(' ')}`);
  });

  test('replaces an invisible layer of nonsense by what was read', async () => {
    const nonsense = 'xkqz wvtj qqpz hgfk zxcv bnmq wrtp lkjh gfds qwrt zxvb nmkl pqwz';
    const made = await layeredPdf(nonsense);
    expect((await textOfPdf(made))[0]).toContain('wvtj');
    const { pdf, bytes, readings } = await searchable('nonsense.pdf', made);
    expect(readings[0]?.origin).toBe('ocr');
    expect(pdf).toMatchObject({ pages: 'original', losesSignatures: false });
    const text = squeezed((await textOfPdf(bytes))[0]);
    expect(text).not.toContain('wvtj');
    expect(text).toContain('glass house');
    expect(await renderPdf(bytes, 0, 420, 300)).toEqual(await renderPdf(made, 0, 420, 300));
  });

  test('says when the signatures of the original do not count in the copy', async () => {
    const { pdf, bytes } = await searchable('signed.pdf', await layeredPdf('', true));
    expect(pdf).toMatchObject({ pages: 'original', losesSignatures: true });
    expect(squeezed((await textOfPdf(bytes))[0])).toContain('glass house');
  });

  test('keeps a copy protection', async () => {
    const source = await mixedPdf(await picture(reader, folder()), { ownerPassword: 'secret' });
    const { pdf, bytes } = await searchable('protected.pdf', source);
    expect(pdf.pages).toBe('original');
    expect(bytes.includes('/Encrypt')).toBe(true);
    expect((await textOfPdf(bytes)).map(squeezed)).toEqual([PARAGRAPH.join(' '), PARAGRAPH.join(' ')]);
    expect(await partsOf(bytes)).toEqual(await partsOf(source));
  });

  test('is drawn, and says why, where the original cannot be copied', async () => {
    const path = await stored('limit.pdf', await mixedPdf(await picture(reader, folder())));
    const readings = [await reader.readPage(request(path, { page: 1, forceOcr: false }), never)];
    const small: typeof reader.addText = (_path, target, added, signal) =>
      reader.addText(`${path}.gone`, target, added, signal);
    const pdf = await createSearchablePdfs({ ...reader, addText: small }).open(
      { path, name: 'a', readings: () => Readable.from(readings) },
      'pdf',
      never,
    );
    expect([pdf.pages, pdf.reason]).toEqual(['drawn', 'FileMissing']);
    expect(squeezed((await textOfPdf(await buffer(pdf.content)))[0])).toBe(PARAGRAPH.join(' '));
  });
});

async function expectPlaces(bytes: Buffer, reading: PageReading | undefined): Promise<void> {
  const places = await wordPlaces(bytes, 1);
  const wanted = reading?.words ?? [];
  expect(places).toHaveLength(wanted.length);
  wanted.forEach(({ box: [left, top, right, bottom] }, index) => {
    const [x, y] = places[index] ?? [0, 0];
    expect(Math.abs(x - (left + right) / 2)).toBeLessThan(0.02);
    expect(Math.abs(y - (top + bottom) / 2)).toBeLessThan(0.03);
  });
}

/** The validator of the PDF Association, which needs Java. */
const hasVeraPdf = spawnSync('verapdf', ['--version']).status === 0;

describe('PDF/A-2b', () => {
  test('says what it is, with a colour profile, and holds the text', async () => {
    const { pdf, bytes } = await searchable('a & <b>.pdf', await mixedPdf(await picture(reader, folder())), 'pdfa');
    expect(pdf.pages).toBe('drawn');
    const raw = bytes.toString('latin1');
    expect(raw).toContain('<pdfaid:part>2</pdfaid:part>');
    expect(raw).toContain('<pdfaid:conformance>B</pdfaid:conformance>');
    expect(raw).toContain('/GTS_PDFA1');
    expect(raw).not.toContain('/Encrypt');
    expect((await textOfPdf(bytes)).map((text) => squeezed(text).slice(0, 11))).toEqual(['The gardene', 'The gardene']);
    // An unquoted title would break the XML of the metadata.
    expect(/<dc:title>[^]*<\/dc:title>/.exec(raw)?.[0]).toMatch(/>a {4}b .pdf</);
  });

  test.skipIf(!hasVeraPdf)('passes veraPDF', async () => {
    const { bytes } = await searchable('archive.png', await picture(reader, folder()), 'pdfa');
    const path = await stored('archive-a.pdf', bytes);
    const { stdout } = spawnSync('verapdf', ['--flavour', '2b', '--format', 'text', path], { encoding: 'utf8' });
    expect(stdout).toMatch(/^PASS /m);
  });
});

describe('a searchable PDF of a picture', () => {
  test('shows the picture and holds its text', async () => {
    const { pdf, bytes } = await searchable('scan.png', await picture(reader, folder()));
    expect(pdf.pages).toBe('drawn');
    expect(squeezed((await textOfPdf(bytes))[0])).toBe(PARAGRAPH.join(' '));
  });
});
