import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { wordsOf, type LayerCharacter } from '../../../services/ocr/pdf/characters.ts';
import { judgeLayer, pageTextOf, type PageText } from '../../../services/ocr/pdf/page-text.ts';
import { openPdf } from '../../../services/ocr/pdf/pdfium.ts';
import { isDoubtful, likeness } from '../../../services/ocr/pdf/plausible.ts';
import { renderPdf } from '../../support/files/pdf-text.ts';
import { makePdf, PARAGRAPH } from './pages.ts';
import { drawPdf } from './drawn.ts';

/** A dark bar on white paper. */
const picture = (): Promise<Buffer> =>
  sharp({ create: { width: 840, height: 600, channels: 3, background: '#fff' } })
    .composite([{ input: { create: { width: 500, height: 60, channels: 3, background: '#000' } }, left: 60, top: 300 }])
    .png()
    .toBuffer();
const characters = (text: string): LayerCharacter[] =>
  Array.from(text, (one) => ({ text: one, box: undefined, mapped: true, drawable: true }));
const judge = (text: string, mapped = true): PageText['layer'] =>
  judgeLayer(
    characters(text).map((one) => ({ ...one, mapped })),
    text.split(/\s+/).map((word) => ({ text: word, confidence: 1, box: [0, 0, 1, 1], line: 0 })),
  );

async function read(bytes: Buffer, page = 0): Promise<PageText> {
  const file = await openPdf(bytes);
  try {
    return pageTextOf(file, page);
  } finally {
    file.close();
  }
}

describe('the text layer of a PDF', () => {
  it('yields text, words and boxes', async () => {
    const own = await read(await makePdf([{ lines: PARAGRAPH }]));
    expect(own).toMatchObject({ layer: 'believed', width: 420, height: 300, notes: [], pictures: [] });
    expect(own.text.split(/\r?\n/).map((line) => line.trim())).toEqual(PARAGRAPH);
    expect(own.words.map((word) => word.text).join(' ')).toBe(PARAGRAPH.join(' '));
    expect(own.words.at(-1)!.line).toBe(PARAGRAPH.length - 1);
    const [left, top, right, bottom] = own.words[0]!.box;
    // The first word stands at 36 of 420 points from the left and 40 of 300 from the top.
    expect(left).toBeCloseTo(36 / 420, 1);
    expect(right).toBeGreaterThan(left);
    expect(top).toBeGreaterThan(40 / 300 - 0.01);
    expect(bottom).toBeLessThan(60 / 300);
  });

  it('is decided page by page in a mixed PDF', async () => {
    const pdf = await makePdf([
      { lines: PARAGRAPH },
      { picture: await picture() },
      { picture: await picture(), stamp: 'Scanned 2026-03-14' },
    ]);
    expect(await read(pdf, 0)).toMatchObject({ layer: 'believed', pictures: [] });
    expect(await read(pdf, 1)).toMatchObject({ layer: 'none' });
    const stamped = await read(pdf, 2);
    expect(stamped).toMatchObject({ layer: 'believed', text: 'Scanned 2026-03-14' });
    expect(stamped.pictures, 'a stamp over a scan is not the text of the scan').toHaveLength(1);
  });

  it('is not usable when empty, short or garbage', () => {
    expect(judge('')).toBe('none');
    expect(judge('3')).toBe('none');
    expect(judge('\uE001\uE002\uE003 abcdefghij')).toBe('none');
    expect(judge('abcdefghij', false)).toBe('none');
    expect(judge('Invoice 2026-17')).toBe('believed');
    expect(judge('words of a page '.repeat(20))).toBe('believed');
    expect(judge('Gubchn Srvoaoetr xq zvkw lmnt prqs tvwx bcdf ghjk '.repeat(3))).toBe('doubtful');
  });

  it('joins characters to words and boxes', () => {
    const boxed = Array.from('ab c', (text, index) => ({
      text,
      mapped: true,
      drawable: true,
      box: text === ' ' ? undefined : ([index / 10, 0.5, (index + 1) / 10, 0.6] as [number, number, number, number]),
    }));
    expect(wordsOf(boxed).words).toEqual([
      { text: 'ab', confidence: 1, box: [0, 0.5, 0.2, 0.6], line: 0 },
      { text: 'c', confidence: 1, box: [0.3, 0.5, 0.4, 0.6], line: 0 },
    ]);
  });
});

describe('nonsense', () => {
  it.each([
    ['letters at random', 'qzx vkrw lmnt prqs tvwx bcdf ghjk wvz xqj pfkd zzmr'],
    [
      'a shifted alphabet',
      'Gur evire jnf uvtu gung fcevat. Abobql unq frra jngre yvxr vg fvapr gur byq zvyy jnf ohvyg.',
    ],
    ['UTF-8 read as Latin', 'FacturÃ© Ã  rÃ©gler aprÃ¨s livraison complÃ¨te'],
    ['Cyrillic read as Latin', 'Ïðèâåò ìèð Äîãîâîð êóïëè ïðîäàæè'],
    ['scripts mixed in words', 'Dосument nuмber of тhe coмpany signеd herе'],
    ['letters that stand apart', 'I n v o i c e n u m b e r 4 7 1 1 o f t h e'],
  ])('is doubted: %s', (_kind, text) => {
    expect(isDoubtful(text.split(' '))).toBe(true);
  });

  it.each([
    ['English', PARAGRAPH.join(' ')],
    [
      'German',
      'Der Fluss stand hoch in jenem Frühjahr, und niemand hatte solches Wasser gesehen, seit die Mühle gebaut war.',
    ],
    [
      'French',
      'La rivière était haute ce printemps; personne n’avait vu une eau pareille depuis la construction du moulin.',
    ],
    ['Polish', 'Rzeka była tej wiosny wysoka i nikt nie widział takiej wody, odkąd zbudowano stary młyn nad brzegiem.'],
    [
      'Finnish',
      'Joki oli sinä keväänä korkealla, eikä kukaan ollut nähnyt sellaista vettä vanhan myllyn rakentamisen jälkeen.',
    ],
    ['Russian', 'Река в ту весну стояла высоко, и никто не видел такой воды'],
    ['Japanese', '請求書 番号 合計 金額 株式会社'],
    [
      'an invoice',
      'Invoice No. INV-2026-0017 Qty Unit Price Amount EUR 1,250.00 VAT 19% Total IBAN DE02120300000000202051',
    ],
  ])('is not: %s', (_kind, text) => {
    expect(isDoubtful(text.split(' '))).toBe(false);
  });

  it('is unlike what is seen, whatever the order of lines', () => {
    expect(likeness(PARAGRAPH.join('\n'), [...PARAGRAPH].reverse().join('\n'))).toBeGreaterThan(0.95);
    expect(likeness(PARAGRAPH.join('\n'), 'Gubchn Srvoaoetr xq zvkw lmnt prqs tvwx bcdf ghjk')).toBeLessThan(0.2);
  });
});

describe('lines that are shown turned', () => {
  /** Gives a page the turn with which it is shown; all lines begin at one height of the turned page. */
  const turned = (degrees: number): Buffer =>
    Buffer.from(
      drawPdf({ lines: PARAGRAPH.map((line, index) => [line.slice(0, 50), 40, 60 + 20 * index] as const) })
        .toString('latin1')
        // The annotations are empty, so that an entry of the same length takes their place.
        .replace('/Annots []', `/Rotate ${String(degrees)}`.padEnd(10)),
      'latin1',
    );

  it.each([0, 90, 180, 270])('come in reading order, turned by %d degrees', async (degrees) => {
    const own = await read(turned(degrees));
    const wanted = PARAGRAPH.map((line) => line.slice(0, 50).trim());
    expect([own.width > own.height, own.text.split('\n').map((line) => line.trim())]).toEqual([
      degrees % 180 === 0,
      wanted,
    ]);
    expect(own.words.map(({ text }) => text).join(' ')).toBe(wanted.join(' '));
    expect(own.words.at(-1)?.line).toBe(PARAGRAPH.length - 1);
  });
});

describe('text that nobody sees', () => {
  const shown = 'The river was high that spring.';
  const hidden = 'Secret words from elsewhere.';

  it.each([
    [
      'outside the crop box',
      {
        crop: [0, 150, 420, 300] as const,
        lines: [
          [shown, 40, 60],
          [hidden, 40, 250],
        ] as const,
      },
    ],
    [
      'outside the page',
      {
        lines: [
          [shown, 40, 60],
          [hidden, 40, 500],
        ] as const,
      },
    ],
    [
      'in invisible writing',
      { lines: [[shown, 40, 60]] as const, raw: `BT 3 Tr /F1 12 Tf 40 100 Td (${hidden}) Tj ET` },
    ],
    ['in white on white', { lines: [[shown, 40, 60]] as const, raw: `BT 1 g /F1 12 Tf 40 100 Td (${hidden}) Tj ET` }],
    [
      'outside a clipping path',
      { lines: [[shown, 40, 60]] as const, raw: `q 0 0 9 9 re W n BT 0 g /F1 12 Tf 40 100 Td (${hidden}) Tj ET Q` },
    ],
    [
      'under a black bar',
      { lines: [[shown, 40, 60]] as const, raw: `BT 0 g /F1 12 Tf 40 100 Td (${hidden}) Tj ET 0 g 30 90 300 30 re f` },
    ],
  ])('is not believed: %s', async (_place, page) => {
    expect((await read(drawPdf(page))).text).toBe(shown);
  });
});

/** A round letter of six points, drawn as an outline. */
function letter(x: number, y: number): string {
  const at = (dx: number, dy: number): string => `${String(x + dx)} ${String(y + dy)}`;
  const curves = [
    [0, 3, 1, 6, 3, 6],
    [5, 6, 6, 5, 6, 3],
    [6, 1, 5, 0, 3, 0],
    [1, 0, 0, 1, 0, 0],
  ].map(([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]) => `${at(a, b)} ${at(c, d)} ${at(e, f)} c`);
  return `${at(0, 0)} m ${curves.join(' ')} ${at(3, 3)} l h f`;
}

describe('what stands beside the text of a page', () => {
  const footer = [['Scanned by an office scanner, page 1 of 1', 40, 280]] as const;

  it('is a picture to be read: strips, pictures inside forms inside forms, letters drawn as outlines', async () => {
    const strips = Array.from({ length: 40 }, (_, row) => `q 300 0 0 4 40 ${String(100 + row * 4)} cm /Im1 Do Q`).join(
      '\n',
    );
    const found = (await read(drawPdf({ lines: footer, raw: strips }))).pictures;
    expect(found).toHaveLength(1);
    expect(found[0]![0]).toBeCloseTo(40 / 420, 1);
    expect(found[0]![3]).toBeCloseTo(200 / 300, 1);
    const nested = (await read(drawPdf({ lines: footer, raw: 'q 2 0 0 2 40 100 cm /Fm1 Do Q' }))).pictures;
    expect(nested).toHaveLength(1);
    expect(nested[0]![2]).toBeCloseTo((40 + 200) / 420, 1);
    const bar = '0 g 40 150 m 44 156 l 300 156 l 302 156 304 154 304 152 c 304 150 302 148 300 148 c 40 148 l h f';
    expect((await read(drawPdf({ lines: footer, raw: bar }))).pictures, 'a rounded bar has no letters').toEqual([]);
    const letters = Array.from({ length: 30 }, (_, at) => letter(40 + at * 8, 150)).join('\n');
    expect((await read(drawPdf({ lines: footer, raw: letters }))).pictures).toHaveLength(1);
  });

  it('is no picture when the layer covers it, as after a recognition', async () => {
    const scan = await sharp(await renderPdf(await makePdf([{ lines: PARAGRAPH }]), 0, 1680, 1200), {
      raw: { width: 1680, height: 1200, channels: 1 },
    })
      .png()
      .toBuffer();
    expect(await read(await makePdf([{ picture: scan, layer: PARAGRAPH }]))).toMatchObject({
      layer: 'believed',
      pictures: [],
    });
    expect((await read(await makePdf([{ picture: scan, layer: PARAGRAPH.slice(0, 1) }]))).pictures).toHaveLength(1);
  });

  it('OCR-3 takes a stamp for a picture, and a stamp without a look for nothing', async () => {
    const stamp = (entries: string) =>
      read(drawPdf({ lines: footer, annotations: [`/Subtype /Stamp ${entries}`] })).then(({ pictures }) => pictures);
    expect(await stamp('/AP << /N 7 0 R >>')).toHaveLength(1);
    expect(await stamp('')).toEqual([]);
  });

  it.each([
    ['a text field', '/Subtype /Widget /FT /Tx /T (a) /V (Marianne Example)', 'Marianne Example', true],
    ['a choice', '/Subtype /Widget /FT /Ch /Ff 131072 /T (a) /Opt [(Reykjavik)] /V (Reykjavik)', 'Reykjavik', true],
    ['free text', '/Subtype /FreeText /DA (/F1 9 Tf) /Contents (Paid in May)', 'Paid in May', true],
    ['a note', '/Subtype /Text /Contents (Ask the auditor)', 'Ask the auditor', false],
    ['a remark on a mark', '/Subtype /Highlight /Contents (Wrong amount)', 'Wrong amount', false],
  ])('is a field or note: %s', async (_kind, annotation, text, drawn) => {
    const own = await read(drawPdf({ lines: footer, annotations: [annotation] }));
    expect(own.notes).toMatchObject([{ text, drawn }]);
  });

  it.each([
    ['a password', '/Subtype /Widget /FT /Tx /Ff 8192 /T (a) /V (hunter2)'],
    ['a hidden field', '/Subtype /Widget /F 2 /FT /Tx /T (a) /V (unseen)'],
    ['a popup', '/Subtype /Popup /Contents (a note again)'],
    ['the marked words themselves', '/Subtype /Highlight /Contents (Scanned by an office)'],
  ])('is left out: %s', async (_kind, annotation) => {
    expect((await read(drawPdf({ lines: footer, annotations: [annotation] }))).notes).toEqual([]);
  });
});
