import { describe, expect, it } from 'vitest';
import { byRow, down, FARM, type Placed, RIVER, textOfPdf, textOfScan, textOfTurnedPdf, TOWN } from './placed.ts';

const HEAD = 'A headline that stands over both of the columns of this page';
const SELLER = ['Miller and Sons Ltd', '14 Harbour Street', 'Portsmouth PO1 3AX', 'United Kingdom'];
const BUYER = ['Greta Lindqvist', 'Storgatan 22', '41138 Gothenburg', 'Sweden'];

describe('columns are read one after the other', () => {
  const pages: readonly (readonly [string, readonly Placed[], readonly string[]])[] = [
    ['two columns', byRow(down(RIVER, 40, 60), down(TOWN, 230, 60)), [...RIVER, ...TOWN]],
    ['a narrow gutter', byRow(down(RIVER, 40, 60), down(TOWN, 184, 60)), [...RIVER, ...TOWN]],
    ['lines at different heights', byRow(down(RIVER, 40, 60), down(TOWN, 230, 66)), [...RIVER, ...TOWN]],
    ['unlike distances of lines', byRow(down(RIVER, 40, 60), down(TOWN, 230, 60, 17)), [...RIVER, ...TOWN]],
    [
      'a headline over both',
      [[HEAD, 40, 40], ...byRow(down(RIVER, 40, 80), down(TOWN, 230, 80))],
      [HEAD, ...RIVER, ...TOWN],
    ],
    [
      'a title over the left and a page number in the middle',
      [['The flood', 40, 30], ...byRow(down(RIVER, 40, 80), down(TOWN, 230, 80)), ['- 7 -', 205, 280]],
      ['The flood', ...RIVER, ...TOWN, '- 7 -'],
    ],
    [
      'columns of unequal length',
      byRow(down([...RIVER, ...FARM], 40, 60), down(TOWN, 230, 60)),
      [...RIVER, ...FARM, ...TOWN],
    ],
    [
      'a short column and a long one',
      byRow(down(RIVER, 40, 60), down([...TOWN, ...FARM], 230, 60)),
      [...RIVER, ...TOWN, ...FARM],
    ],
    [
      'columns above and below a line over both',
      [
        ...byRow(down(RIVER.slice(0, 4), 40, 40), down(TOWN.slice(0, 4), 230, 40)),
        [HEAD, 40, 140],
        ...byRow(down(FARM.slice(0, 4), 40, 170), down(RIVER.slice(1), 230, 170)),
      ],
      [...RIVER.slice(0, 4), ...TOWN.slice(0, 4), HEAD, ...FARM.slice(0, 4), ...RIVER.slice(1)],
    ],
    [
      'a picture in one column',
      byRow([...down(RIVER.slice(0, 2), 40, 60), ...down(RIVER.slice(2), 40, 200)], down([...TOWN, ...FARM], 230, 60)),
      [...RIVER, ...TOWN, ...FARM],
    ],
    ['the addresses of a letter', byRow(down(SELLER, 40, 40), down(BUYER, 260, 40)), [...SELLER, ...BUYER]],
    [
      'an address beside dates and numbers',
      byRow(down(SELLER, 40, 40), down(['Invoice 2026-114', 'Date 14 March 2026', 'Customer 77120'], 260, 40)),
      [...SELLER, 'Invoice 2026-114', 'Date 14 March 2026', 'Customer 77120'],
    ],
    [
      'notes in a margin',
      byRow(down(['A note set', 'in the side', 'margin'], 40, 80, 14), [
        ...down(
          [...RIVER, ...TOWN].map((line) => `${line} and then some more`),
          130,
          40,
        ),
      ]),
      ['A note set', 'in the side', 'margin', ...[...RIVER, ...TOWN].map((line) => `${line} and then some more`)],
    ],
  ];

  it.each(pages)('of a text layer drawn row by row: %s', async (_kind, lines, wanted) => {
    expect(await textOfPdf(lines)).toEqual(wanted);
  });

  it.each(pages)('of a scan that was read row by row: %s', (_kind, lines, wanted) => {
    expect(textOfScan(lines)).toEqual(wanted);
  });

  it.each(pages.flatMap(([kind, ...page]) => ([90, 180, 270] as const).map((turn) => [turn, kind, ...page] as const)))(
    'of a text layer that is shown turned by %d degrees: %s',
    async (turn, _kind, lines, wanted) => {
      expect(await textOfTurnedPdf(lines, turn)).toEqual(wanted);
    },
  );

  it('three of them', () => {
    const lines = byRow(down(RIVER, 20, 60), down(TOWN, 160, 60), down(FARM, 300, 60));
    expect(textOfScan(lines)).toEqual([...RIVER, ...TOWN, ...FARM]);
  });

  it('in whatever order tesseract has its blocks', () => {
    const [left, right] = [down(RIVER, 40, 60), down(TOWN, 230, 60)];
    expect(textOfScan([...right, ...left], 420, ([, x]) => (x < 200 ? 2 : 1))).toEqual([...RIVER, ...TOWN]);
  });

  it('from the right in scripts that run to the left', () => {
    const right = ['שלום עולם טוב מאוד', 'ויפה היה היום כולו', 'אנחנו הולכים אל הים', 'ושבים אל הבית בערב'];
    const left = ['הספר הזה ישן מאוד', 'וקראו בו רבים מהם', 'לפני שנים רבות מאוד', 'בעיר הגדולה שלנו כאן'];
    expect(textOfScan(byRow(down(left, 40, 60), down(right, 230, 60)))).toEqual([...right, ...left]);
  });
});

describe('rows stay rows', () => {
  const tables: readonly (readonly [string, readonly (readonly string[])[], readonly number[]])[] = [
    [
      'items with amounts',
      [
        ['Description', 'Qty', 'Amount'],
        ['Repair of the pump', '2', '120.00'],
        ['Delivery to the site', '1', '35.00'],
        ['Paint for the fence', '14', '89.90'],
        ['Work of two days', '16', '960.00'],
      ],
      [40, 230, 320],
    ],
    [
      'long descriptions and one amount',
      [
        ['Consulting on the new building', '1,200.00'],
        ['Travel to the site and back', '80.00'],
        ['Hosting of the plans for a year', '120.00'],
        ['Copies of all of the drawings', '36.50'],
      ],
      [40, 300],
    ],
    [
      'words only',
      [
        ['Country', 'Capital', 'Language'],
        ['Norway', 'Oslo', 'Norwegian'],
        ['Portugal', 'Lisbon', 'Portuguese'],
        ['Hungary', 'Budapest', 'Hungarian'],
        ['Finland', 'Helsinki', 'Finnish'],
      ],
      [40, 180, 300],
    ],
    [
      'labels and values',
      [
        ['Name:', 'Greta Lindqvist'],
        ['Street:', 'Storgatan 22'],
        ['City:', '41138 Gothenburg'],
        ['Country:', 'Sweden'],
      ],
      [40, 180],
    ],
    [
      'months and what is done in them',
      [
        ['March', 'red shoots appear'],
        ['May', 'tie the stems to a ring'],
        ['June', 'cut flowers in the morning'],
        ['October', 'cut back to the ground'],
        ['November', 'leave the roots in peace'],
      ],
      [40, 110],
    ],
    [
      'numbered sentences',
      [
        ['1.', 'The tenant pays the rent on the first day of a month'],
        ['2.', 'and keeps the rooms in the state in which they were'],
        ['3.', 'given over, apart from what wears off with the years'],
        ['4.', 'that pass while the contract is in force between us.'],
        ['5.', 'the owner repairs what is broken within thirty days.'],
      ],
      [40, 70],
    ],
  ];
  const placed = (rows: readonly (readonly string[])[], at: readonly number[]): Placed[] =>
    rows.flatMap((row, index) => row.map((cell, column): Placed => [cell, at[column] ?? 0, 60 + 20 * index]));

  it.each(tables)('in a text layer: %s', async (_kind, rows, at) => {
    expect((await textOfPdf(placed(rows, at))).map((line) => line.replace(/\s+/g, ' '))).toEqual(
      rows.map((row) => row.join(' ')),
    );
  });

  it.each(
    tables.flatMap(([kind, ...table]) => ([90, 180, 270] as const).map((turn) => [turn, kind, ...table] as const)),
  )('in a text layer that is shown turned by %d degrees: %s', async (turn, _kind, rows, at) => {
    expect((await textOfTurnedPdf(placed(rows, at), turn)).map((line) => line.replace(/\s+/g, ' '))).toEqual(
      rows.map((row) => row.join(' ')),
    );
  });

  it.each(tables)('in a scan: %s', (_kind, rows, at) => {
    expect(textOfScan(placed(rows, at))).toEqual(rows.map((row) => row.join(' ')));
  });

  it('below columns of text', () => {
    const [, rows, at] = tables[0]!;
    const table = placed(rows, at).map(([text, x, y]): Placed => [text, x, y + 110]);
    const lines = [...byRow(down(RIVER, 40, 20), down(TOWN, 230, 20)), [HEAD, 40, 145] as const, ...table];
    expect(textOfScan(lines)).toEqual([...RIVER, ...TOWN, HEAD, ...rows.map((row) => row.join(' '))]);
  });
});
