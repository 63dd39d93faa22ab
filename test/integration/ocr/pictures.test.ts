/** Small pictures beside the text of a page: what has letters is read, and what has none is no alarm. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { PageReading } from '../../../services/ocr/port.ts';
import { renderPdf } from '../../support/files/pdf-text.ts';
import { makePdf } from '../../unit/ocr/pages.ts';
import { never, request } from './request.ts';
import { falseTesseract, useReaders } from './support.ts';

const { folder, reader: makeReader, stored } = useReaders();
const STAMP = 'Issued by the office in Reykjavik';

/** Reads a page with a line of text and a picture at the given place. */
async function readWith(
  name: string,
  picture: Buffer,
  at: readonly [number, number, number, number],
): Promise<PageReading> {
  const path = await stored(name, await makePdf([{ picture, at, stamp: STAMP }]));
  return makeReader().readPage(request(path, { forceOcr: false }), never);
}

/** A picture of one line of text, 2520 by 225 pixels of 420 by 37.5 points. */
async function line(text: string): Promise<Sharp> {
  const [width, height] = [2520, 1800];
  const data = await renderPdf(await makePdf([{ lines: [text] }]), 0, width, height);
  return sharp(data, { raw: { width, height, channels: 1 } }).extract({ left: 0, top: 200, width, height: 225 });
}

function shapes(inner: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300"><rect width="900" height="300" fill="#fff"/>${inner}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

describe('a small picture beside text', () => {
  it('OCR-3 is read, also when its letters are light on a dark ground', async () => {
    for (const [name, isDark] of [
      ['light.pdf', false],
      ['dark.pdf', true],
    ] as const) {
      const text = await line('Quantity of plants in stock');
      const picture = await (isDark ? text.negate() : text).png().toBuffer();
      const reading = await readWith(name, picture, [0, 150, 420, 37.5]);
      expect(reading, name).toMatchObject({ state: 'read', origin: 'mixed' });
      expect(reading.text, name).toContain('Quantity of plants in stock');
      expect(reading.text).toContain(STAMP);
    }
  });

  it.each([
    ['an emblem', '<circle cx="150" cy="150" r="120"/><path d="M420 280L560 20L700 280Z"/>'],
    ['a rule', '<rect x="20" y="140" width="860" height="14"/>'],
    ['a frame', '<rect x="20" y="20" width="860" height="260" fill="none" stroke="#000" stroke-width="8"/>'],
    [
      'a signature',
      '<path d="M60 220 C180 10 200 10 240 220 S420 10 460 220 S640 40 700 220 S800 0 860 160" fill="none" stroke="#000" stroke-width="7"/>',
    ],
  ])('is no alarm when it is %s', async (kind, inner) => {
    const reading = await readWith(`${kind}.pdf`, await shapes(inner), [150, 150, 120, 40]);
    expect(reading).toMatchObject({ state: 'read', text: STAMP });
    expect(reading.unread).toBeUndefined();
  });

  it('takes no run of the engine when it is a rule', async () => {
    const broken = await falseTesseract(folder(), 'never-run', 'exit 1');
    const reader = makeReader({ tesseractPath: broken.path });
    const at = [150, 150, 120, 40] as const;
    const read = async (name: string, inner: string): Promise<PageReading> => {
      const path = await stored(name, await makePdf([{ picture: await shapes(inner), at, stamp: STAMP }]));
      return reader.readPage(request(path, { forceOcr: false }), never);
    };
    const rule = '<rect x="20" y="140" width="860" height="14"/>';
    expect(await read('one-rule.pdf', rule)).toMatchObject({ state: 'read', text: STAMP });
    const letters = [100, 160, 220, 280].map(
      (x) => `<path d="M${String(x)} 200V100H${String(x + 40)}V150H${String(x + 12)}V200Z"/>`,
    );
    await expect(read('letters.pdf', letters.join('')), 'letters do').rejects.toMatchObject({ type: 'ReaderCrashed' });
  });

  it('is read when its letters are far larger than those of a text', async () => {
    const name = await (
      await line('riverbank')
    )
      .extract({ left: 190, top: 30, width: 420, height: 100 })
      .png()
      .toBuffer();
    const reading = await readWith('large.pdf', name, [30, 130, 360, 86]);
    expect(reading).toMatchObject({ state: 'read' });
    expect(reading.text).toContain('riverbank');
  });

  it('is an alarm when letters in it cannot be read', async () => {
    const glyphs = Array.from({ length: 14 }, (_, at) => {
      const x = 30 + at * 60;
      return `<path d="M${String(x)} 200V100H${String(x + 40)}V150H${String(x + 12)}V200Z M${String(x + 20)} 190H${String(x + 44)}V170H${String(x + 20)}Z" transform="rotate(${String(at * 47)} ${String(x + 22)} 150)"/>`;
    });
    const reading = await readWith('unread.pdf', await shapes(glyphs.join('')), [150, 150, 120, 40]);
    expect(reading).toMatchObject({ state: 'partly read', text: STAMP });
    expect(reading.unread).toHaveLength(1);
  });
});
