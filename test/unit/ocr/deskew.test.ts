import { beforeAll, describe, expect, it } from 'vitest';
import { estimateTilt, guessUpright } from '../../../services/ocr/deskew.ts';
import { binarise, turn } from '../../../services/ocr/gray.ts';
import type { GrayPage } from '../../../services/ocr/gray.ts';
import { openPdf } from '../../../services/ocr/pdf/pdfium.ts';
import { straighten } from '../../../services/ocr/prepare.ts';
import { makePdf, PARAGRAPH } from './pages.ts';

let page: GrayPage;

beforeAll(async () => {
  const file = await openPdf(await makePdf([{ lines: [...PARAGRAPH, ...PARAGRAPH, ...PARAGRAPH.slice(0, 3)] }]));
  page = { width: 1000, height: 714, data: file.render(0, 1000, 714, 'gray'), dpi: undefined };
  file.close();
});

describe('the tilt of a page', () => {
  it('is 0 for a straight page', () => {
    expect(Math.abs(estimateTilt(binarise(page)).degrees)).toBeLessThan(0.1);
  });

  it.each([-7, -3, -0.5, -0.25, 0.25, 0.5, 2, 5, 8])(
    'is found to a tenth of a degree at %d degrees',
    async (degrees) => {
      const tilted = await straighten(page, -degrees);
      expect(estimateTilt(binarise(tilted)).degrees).toBeCloseTo(degrees, 0.9);
      expect(Math.abs(estimateTilt(binarise(tilted)).degrees - degrees)).toBeLessThan(0.11);
    },
  );

  it('is not invented for noise', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    const ink = Uint8Array.from({ length: 400 * 400 }, () => (random() < 0.05 ? 1 : 0));
    expect(estimateTilt({ width: 400, height: 400, ink }).degrees).toBe(0);
  });

  it('is not invented for an empty page', () => {
    expect(estimateTilt({ width: 100, height: 100, ink: new Uint8Array(10_000) })).toEqual({
      degrees: 0,
      sharpness: 1,
    });
  });

  it('ignores the black rim of a scan that lies askew around straight text', () => {
    const data = page.data.slice();
    for (let x = 0; x < page.width; x += 1) {
      for (let y = Math.round(620 + x * 0.05); y < page.height; y += 1) data[y * page.width + x] = 0;
    }
    expect(Math.abs(estimateTilt(binarise({ ...page, data })).degrees)).toBeLessThan(0.15);
  });
});

describe('the guess which way up a page stands', () => {
  it.each([
    [0, 0],
    [90, 270],
    [180, 180],
    [270, 90],
  ] as const)('undoes a turn by %d degrees with one by %d', (made, wanted) => {
    expect(guessUpright(binarise(turn(page, made)))).toMatchObject({ turn: wanted, axisFirm: true });
  });

  it('measures the tilt of the page as it stands after the turn', async () => {
    const tilted = turn(await straighten(page, -3), 90);
    const guess = guessUpright(binarise(tilted));
    expect(guess.turn).toBe(270);
    expect(Math.abs(guess.tilt - 3)).toBeLessThan(0.15);
  });
});
