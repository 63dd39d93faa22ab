/** Texts of the samples in other formats, shapes and languages, all of which are invented for Perennial. */
import { head, lines, para } from './blocks.ts';
import { a4, a5, type Block, type PageSpec, type TableColumn } from './layout.ts';

/** Quotation marks, dashes and letters of several languages. */
export const languages: PageSpec = {
  size: a4,
  margin: 72,
  blocks: [
    head('Labels for our guests', 18),
    para(
      'English: The label says “hardy to twenty below” – and it’s true — but don’t forget the wind…',
      'serif',
      13,
      12,
    ),
    para(
      'Deutsch: Auf dem Schild steht „winterhart“ – das heißt: Die Pflanze überlebt den Frost. Für größere Stauden gilt ein Preis von 8,50 €.',
      'serif',
      13,
      12,
    ),
    para(
      'Français : L’étiquette dit « plante vivace » — elle revient chaque année, même après un hiver très froid.',
      'serif',
      13,
      12,
    ),
    para(
      'Español: ¿Vuelve cada primavera? ¡Claro que sí! La peonía del jardín pequeño florece en mayo y cuesta 12 €.',
      'serif',
      13,
      12,
    ),
    para(
      'A plant does not care which language it is called in. It wants light, water and time, and it comes back when the days grow longer.',
      'serif',
      13,
      12,
    ),
  ],
};

const receiptColumns: readonly TableColumn[] = [
  { share: 0.75, align: 'left' },
  { share: 0.25, align: 'right' },
];

function sold(name: string, price: string): Block {
  return { kind: 'row', cells: [name, price], columns: receiptColumns, font: 'mono', size: 10, after: 2 };
}

/** A till receipt on narrow paper. */
export const receipt: PageSpec = {
  size: [176, 400],
  margin: 16,
  blocks: [
    { kind: 'text', text: 'PERENNIAL', font: 'monoBold', size: 16, align: 'center', after: 4 },
    lines(['Nursery shop', 'Orchard Lane 12', 'Fernhollow'], 'mono', 10, 'center'),
    lines(['Receipt 004417', '17 May 2025 10:42'], 'mono', 10),
    sold('Catmint 2 x 4.20', '8.40'),
    sold('Yarrow', '3.90'),
    sold('Leaf mould 20 kg', '6.50'),
    sold('Pencil labels', '2.20'),
    { kind: 'gap', height: 8 },
    sold('Total EUR', '21.00'),
    sold('Cash', '25.00'),
    sold('Change', '4.00'),
    { kind: 'gap', height: 10 },
    lines(['VAT 7 % included: 1.37', 'Thank you. See you', 'again next spring!'], 'mono', 10, 'center'),
  ],
};

/** A newsletter in two columns. */
export const newsletter: PageSpec = {
  size: a5,
  margin: 36,
  blocks: [
    head('The Fernhollow Sprout', 20, 'serifBold', 'center'),
    { kind: 'rule', after: 12 },
    {
      kind: 'columns',
      gutter: 24,
      columns: [
        [
          head('Snowdrops early', 12),
          para(
            'The first snowdrops opened on the ninth of January, two weeks before their usual date. The mild December has woken the hellebores as well.',
            'serif',
            10,
          ),
          para(
            'Do not clear the beds yet. Ladybirds sleep in the hollow stems, and the old leaves protect the young shoots from the cold that is still to come.',
            'serif',
            10,
          ),
        ],
        [
          head('The new tank', 12),
          para(
            'The water tank behind the barn is finished. It holds ten thousand litres of rain, enough for six dry weeks.',
            'serif',
            10,
          ),
          para(
            'We thank all who came to dig. The last shovel was broken on the last stone, and the soup was hot. In April we will plant ferns on the north side.',
            'serif',
            10,
          ),
        ],
      ],
    },
  ],
};

/** The recipe of the WebP sample. */
export const recipe: PageSpec = {
  size: a5,
  margin: 44,
  blocks: [
    head('Rhubarb cake from the nursery kitchen', 15),
    lines(
      [
        '500 g rhubarb',
        '200 g flour',
        '150 g sugar',
        '120 g soft butter',
        '3 eggs',
        '2 teaspoons baking powder',
        'a pinch of salt',
      ],
      'serif',
      12,
    ),
    para(
      'Heat the oven to 180 degrees. Peel the rhubarb only if the stalks are old, and cut it into pieces the length of a thumb.',
      'serif',
      12,
    ),
    para(
      'Beat the butter with the sugar until it is pale. Stir in the eggs one after the other. Mix flour, baking powder and salt, and fold them in.',
      'serif',
      12,
    ),
    para(
      'Spread the dough in a buttered tin, press the rhubarb into it and bake the cake for 45 minutes. It is done when a wooden pin comes out clean.',
      'serif',
      12,
    ),
    para(
      'Serve it warm, with a spoon of cream. Rhubarb comes back every spring, and so does this cake.',
      'serifItalic',
      11,
    ),
  ],
};
