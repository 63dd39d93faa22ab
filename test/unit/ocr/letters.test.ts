import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { GrayPage } from '../../../services/ocr/gray.ts';
import { darkOnLight } from '../../../services/ocr/pdf/ink.ts';
import { writingOn } from '../../../services/ocr/pdf/letters.ts';
import { renderPdf } from '../../support/files/pdf-text.ts';
import { makePdf } from './pages.ts';

/** Draws shapes on white, 600 by 120 pixels. */
async function drawn(shapes: string, ground = '#fff'): Promise<GrayPage> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="120"><rect width="600" height="120" fill="${ground}"/>${shapes}</svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .grayscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data, dpi: 300 };
}

async function written(text: string): Promise<GrayPage> {
  const size = [1260, 900] as const;
  return {
    width: size[0],
    height: size[1],
    data: await renderPdf(await makePdf([{ lines: [text] }]), 0, ...size),
    dpi: 216,
  };
}

describe('a small picture', () => {
  it.each(['Paid', 'Received on 2026-03-14', 'Счёт', 'No. 4711'])('has letters: %s', async (text) => {
    expect(writingOn(await written(text))).toBe('letters');
  });

  it('has letters that are light on a dark ground', async () => {
    const { data, ...page } = await written('Quantity');
    const dark = { ...page, data: data.map((value) => 255 - value) };
    expect(writingOn(darkOnLight(dark))).toBe('letters');
    expect(darkOnLight({ ...page, data }).data, 'dark writing stays').toBe(data);
  });

  it.each([
    ['a rule', '<rect x="10" y="50" width="580" height="6"/>'],
    ['a dashed rule', '<path d="M10 60H590" stroke="#000" stroke-width="8" stroke-dasharray="20 12"/>'],
    ['an emblem', '<circle cx="60" cy="60" r="50"/><path d="M200 110L250 10L300 110Z"/>'],
    [
      'bars of a chart',
      '<rect x="20" y="40" width="30" height="70"/><rect x="70" y="20" width="30" height="90"/><rect x="120" y="30" width="30" height="80"/>',
    ],
    ['a frame', '<rect x="10" y="10" width="580" height="100" fill="none" stroke="#000" stroke-width="4"/>'],
    ['nothing', ''],
  ])('has no letters: %s', async (_kind, shapes) => {
    expect(writingOn(await drawn(shapes))).not.toBe('letters');
  });

  it.each([
    ['a rule', '<rect x="10" y="50" width="580" height="6"/>', 'none'],
    ['an emblem', '<circle cx="60" cy="60" r="50"/>', 'none'],
    [
      'a line of joined writing',
      '<path d="M20 90 C80 10 90 10 100 90 S160 10 180 90 S260 20 280 90 S360 0 400 60" fill="none" stroke="#000" stroke-width="4"/>',
      'perhaps',
    ],
  ] as const)('is worth a look or not: %s', async (_kind, shapes, writing) => {
    expect(writingOn(await drawn(shapes))).toBe(writing);
  });
});
