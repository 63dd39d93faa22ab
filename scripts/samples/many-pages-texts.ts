/** Texts of the samples with several pages, all of which are invented for Perennial. */
import { head, letterhead, lines, para } from './blocks.ts';
import { a4, type Block, type PageSpec } from './layout.ts';

function minutesPage(number: number, blocks: readonly Block[]): PageSpec {
  return {
    size: a4,
    margin: 72,
    blocks: [
      ...blocks,
      { kind: 'gap', height: 14 },
      { kind: 'text', text: `Page ${number} of 3`, font: 'sans', size: 10, align: 'center' },
    ],
  };
}

/** The minutes of the gardening club, on three pages. */
export const minutes: readonly PageSpec[] = [
  minutesPage(1, [
    head('Minutes of the gardening club', 20, 'sansBold'),
    lines(
      [
        'Meeting in the barn, Fernhollow, 14 January 2025',
        'Present: the chair, the treasurer, the secretary and 19 members',
      ],
      'sans',
      11,
    ),
    head('1. Opening', 14, 'sansBold'),
    para(
      'The chair opens the meeting at half past seven and welcomes two new members. The minutes of the November meeting are read and approved without change.',
      'sans',
      12,
    ),
    head('2. Report of the treasurer', 14, 'sansBold'),
    para(
      'The club began the year with 1,284.50 in the bank. The sale of plants in September brought in 612.00. After paying for seeds, tools and the repair of the pump, 1,377.25 remain. The members thank the treasurer for careful work.',
      'sans',
      12,
    ),
    para('The fee stays at 24 for the year. Members who cannot pay may give a day of work instead.', 'sans', 12),
  ]),
  minutesPage(2, [
    head('3. The seed exchange', 14, 'sansBold'),
    para(
      'The seed exchange will be held on the first Saturday of February. Each member brings at least five packets, closed and labelled. Seeds older than three years are not accepted, apart from beans and tomatoes.',
      'sans',
      12,
    ),
    para(
      'The secretary will print a list of all varieties. Members who keep an old local variety are asked to write down where it came from and how long it has been grown.',
      'sans',
      12,
    ),
    head('4. The border by the church', 14, 'sansBold'),
    para(
      'The border has become too dry for the phlox. After some debate the club decides to move the phlox to the brook and to plant sedum, yarrow and grasses in its place. Work begins in the third week of March. Eleven members offer to help.',
      'sans',
      12,
    ),
  ]),
  minutesPage(3, [
    head('5. Any other business', 14, 'sansBold'),
    para(
      'A member reports voles in the bulb bed. Baskets of wire will be bought before the autumn planting.',
      'sans',
      12,
    ),
    para(
      'The shears have been missing since October. Whoever finds them is asked to hang them back on the hook.',
      'sans',
      12,
    ),
    head('6. Next meeting', 14, 'sansBold'),
    para(
      'The next meeting takes place on 11 March 2025. A guest will speak about roses that need no spraying.',
      'sans',
      12,
    ),
    para('The chair closes the meeting at a quarter to ten.', 'sans', 12),
    lines(['For the minutes:', 'The secretary'], 'sans', 12),
  ]),
];

/** The two pages of the scanned PDF. */
export const scanned: readonly PageSpec[] = [
  {
    size: a4,
    margin: 72,
    blocks: [
      ...letterhead('18 August 2025'),
      para('Agreement on the use of the trial beds', 'serifBold', 13, 10),
      para(
        'The nursery lends beds 14 to 17 to the agricultural school at Larkfield for two growing seasons, beginning on 1 September 2025. The school pays no rent. It keeps the beds free of weeds and shares what it learns.',
      ),
      para(
        'The school may plant what it likes, with two exceptions: no plants that spread by runners beyond the edge of the bed, and no plants that have been treated with poison against insects.',
      ),
      para(
        'Water may be taken from the tank by the barn. In dry weeks the nursery may limit the amount, and will then tell the school one day before.',
      ),
    ],
  },
  {
    size: a4,
    margin: 72,
    blocks: [
      para(
        'Each party may end the agreement at the close of a season. In that case the school may take all perennials with it, and leaves the soil loose and covered with leaves.',
      ),
      para(
        'The results of the trial are open to everyone. The school sends a report to the nursery in November of each year; the nursery prints a summary in its spring list.',
      ),
      para('Changes to this agreement must be made in writing.'),
      lines([
        'Fernhollow, 18 August 2025',
        'For the nursery: the head of the trial garden',
        'For the school: the teacher of botany',
      ]),
    ],
  },
];

/** The two pages of the PDF with a text layer. */
export const layered: readonly PageSpec[] = [
  {
    size: a4,
    margin: 72,
    blocks: [
      head('Spring list 2026', 22, 'sansBold'),
      para(
        'This list names the plants that Perennial will offer in the coming spring. All of them are grown from our own seed or cuttings, without heat and without peat.',
        'sans',
        11,
      ),
      head('For sun and dry soil', 14, 'sansBold'),
      lines(
        [
          'Yarrow, pale yellow, 60 cm, June to August',
          'Catmint, blue, 40 cm, May to September',
          'Sea holly, steel blue, 70 cm, July',
          'Sedum, dusky pink, 45 cm, September',
        ],
        'sans',
        11,
      ),
      head('For shade', 14, 'sansBold'),
      lines(
        ['Barrenwort, white, 25 cm, April', 'Foam flower, cream, 30 cm, May', 'Wood aster, lilac, 80 cm, October'],
        'sans',
        11,
      ),
    ],
  },
  {
    size: a4,
    margin: 72,
    blocks: [
      head('How to order', 14, 'sansBold'),
      para(
        'Write to us before the end of February. Orders are packed in the sequence in which they arrive, and sent from the last week of March. If a plant is sold out we will not replace it with another, but tell you when it will be back.',
        'sans',
        11,
      ),
      para('The smallest order is ten plants. Packing is free of charge for orders of more than fifty.', 'sans', 11),
    ],
  },
];

/** The mixed PDF: its first page keeps the text layer, its second is a scan. */
export const mixed: readonly [PageSpec, PageSpec] = [
  {
    size: a4,
    margin: 72,
    blocks: [
      ...letterhead('2 October 2025'),
      para('Dear friends of the nursery,'),
      para(
        'Enclosed you find the form for the autumn workshop. Please fill it in and send it back to us. The number of places is limited to sixteen.',
      ),
      lines(['With kind regards', 'The Nursery Office']),
    ],
  },
  {
    size: a4,
    margin: 72,
    blocks: [
      head('Autumn workshop', 18),
      para(
        'The workshop lasts from nine in the morning until four in the afternoon. We will take hardwood cuttings, divide grasses and lay a hedge. Bring gloves, a sharp knife and boots that may become dirty.',
        'serif',
        12,
      ),
      para('Lunch is soup and bread. Tell us if there is anything you do not eat.', 'serif', 12),
      para(
        'Everyone takes home ten cuttings in a pot. If you keep them in a shady place and do not let them dry out, at least eight of them will have roots by May.',
        'serif',
        12,
      ),
    ],
  },
];
