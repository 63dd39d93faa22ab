import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { makePdf } from '../../unit/ocr/pages.ts';
import { never, request } from './request.ts';
import { useReaders } from './support.ts';

const { reader: makeReader, stored } = useReaders();

const GERMAN = [
  'Die Rechnung für die Lieferung der Geräte',
  'wurde geprüft und ist innerhalb von dreißig',
  'Tagen auf das Konto zu überweisen. Bei Fragen',
  'sind wir für Sie da; die Nummer der Rechnung',
  'ist dabei mit anzugeben, auch bei einer Zahlung',
  'über die Bank oder das Büro in der Straße.',
];

/** What tesseract.js can read here: English, which the product brings, and German, which the tests bring. */
describe('OCR-3 a scan in German, with the data of English and German', () => {
  const reader = makeReader({ tesseractPath: 'none' });
  let scan: Buffer;
  beforeAll(async () => {
    const path = await stored('german-text.pdf', await makePdf([{ lines: GERMAN }]));
    const { jpeg } = await reader.renderPage(path, 'application/pdf', 0, { dpi: 300, rotation: 0, skew: 0 }, never);
    scan = await sharp(jpeg).png().toBuffer();
  });

  it('is read as German by auto, with its umlauts', async () => {
    const path = await stored('german-auto.png', scan);
    const reading = await reader.readPage(request(path, { language: 'auto' }), never);
    expect(reading).toMatchObject({ language: 'deu', state: 'read' });
    expect(reading).not.toHaveProperty('hint');
    expect(reading.text).toContain('überweisen');
    expect(reading.text).toContain('dreißig');
  });

  it('gives a hint when it is read as English', async () => {
    const path = await stored('german-eng.png', scan);
    const reading = await reader.readPage(request(path, { language: 'eng' }), never);
    expect(reading).toMatchObject({
      language: 'eng',
      hint: expect.stringMatching(/looks like German \(deu\).*language deu.*OCR_LANGUAGE/) as string,
    });
  });

  it('gives the hint too where the scan stands beside text of the page', async () => {
    const layer = ['This page has a line of text, and a scan below it.'];
    const at = [40, 80, 340, 210] as const;
    const path = await stored('german-mixed.pdf', await makePdf([{ layer, picture: scan, at }]));
    const reading = await reader.readPage(request(path, { forceOcr: false }), never);
    expect(reading).toMatchObject({ origin: 'mixed', language: 'eng', hint: expect.stringContaining('deu') as string });
  });

  it('needs no language where the page has text of its own', async () => {
    const path = await stored('german-layer.pdf', await makePdf([{ lines: GERMAN }]));
    const reading = await reader.readPage(request(path, { language: 'eng', forceOcr: false }), never);
    expect(reading.origin).toBe('text-layer');
    expect(reading).not.toHaveProperty('hint');
    expect(reading).not.toHaveProperty('language');
  });
});
