/** Texts of the single-page samples, all of which are invented for Perennial. */
import { head, letterhead, lines, para } from './blocks.ts';
import { a4, a5, type PageSpec } from './layout.ts';

/** A plain business letter. */
export const letter: PageSpec = {
  size: a4,
  margin: 72,
  blocks: [
    ...letterhead('3 March 2025'),
    lines(['The Head Gardener', 'Milldown House', 'Fernhollow']),
    para('Your order of hardy geraniums', 'serifBold', 12, 10),
    para('Dear Head Gardener,'),
    para(
      'Thank you for your order of 240 hardy geraniums for the long border. The plants have wintered well in our cold frames and already show new leaves at the base. We expect to send them in the second week of April, once the night frosts have passed.',
    ),
    para(
      'You asked whether the variety will cope with dry shade under the old beech. In our own trial bed it has done so for six years, provided the young plants are watered twice a week during their first summer. After that the roots go deep enough, and the leaves close over the soil so that hardly any weeds come through.',
    ),
    para(
      'We will pack the plants in twelve crates of twenty pots each. Please let us know by 28 March whether the van can reach the walled garden, or whether we should unload at the east gate. The crates are ours; our driver will collect them on the next round.',
    ),
    para(
      'Should any plant fail to return in the spring of 2026, we will replace it without charge. This is what our name stands for.',
    ),
    para('With kind regards', 'serif', 11, 34),
    lines(['The Nursery Office', 'Perennial']),
  ],
};

/** A leaflet in several fonts and sizes. */
export const leaflet: PageSpec = {
  size: a4,
  margin: 60,
  blocks: [
    head('Caring for your peony', 26, 'sansBold', 'center'),
    {
      kind: 'text',
      text: 'A leaflet for patient gardeners',
      font: 'serifItalic',
      size: 14,
      align: 'center',
      after: 18,
    },
    { kind: 'rule', after: 16 },
    head('Planting', 17, 'sansBold'),
    para(
      'Dig a hole as deep as your spade and twice as wide. Loosen the ground below it with a fork. Set the root so that the pink buds lie no more than three centimetres under the surface: a peony planted too deep will grow leaves but never flower.',
      'sans',
      12,
      12,
    ),
    head('Feeding and watering', 17, 'serifBold'),
    para(
      'Give each plant a shovel of ripe compost in March and another after flowering. Water well in dry weeks of the first two summers. Keep the compost away from the stems, or they may rot.',
      'serif',
      12,
      12,
    ),
    head('The year of a peony', 14, 'monoBold'),
    lines(
      [
        'March      red shoots appear',
        'May        tie the stems to a ring',
        'June       cut flowers in the morning',
        'October    cut back to the ground',
        'November   leave the roots in peace',
      ],
      'mono',
      11,
    ),
    head('Patience', 12, 'sansNarrowBold'),
    para(
      'A peony may sulk for a year or two after it has been moved. Do not dig it up to see what is wrong. Once settled, it can stay in the same place for fifty years and asks for very little in return.',
      'sansNarrow',
      11,
      12,
    ),
    para(
      'Perennial plants are raised outdoors in Fernhollow. They are used to wind, rain and frost, and so they will thrive in your garden too. Leaflet no. 7, second printing.',
      'serifItalic',
      9,
    ),
  ],
};

/** The page that is photographed. */
export const photographed: PageSpec = {
  size: a5,
  margin: 42,
  blocks: [
    head('Notes for the potting shed', 17, 'sansBold'),
    para(
      'Please keep the long bench free. Trays that come in from the cold frames stand on the left, trays that leave for the shop stand on the right.',
      'sans',
    ),
    para(
      'Sieve the leaf mould before you mix it. Two parts of leaf mould, two parts of loam and one part of sharp sand make a good soil for most of our plants. Ferns and primroses want more leaf mould; thyme and lavender want more sand.',
      'sans',
    ),
    para(
      'Write every label with a pencil. Ink fades in a single summer, but a pencil line lasts for years. The label carries the name, the date of sowing and the number of the bed.',
      'sans',
    ),
    para(
      'Wash empty pots on Friday afternoon. Put the broken ones in the crate by the door: we use the pieces for drainage.',
      'sans',
    ),
    para(
      'The last person to leave closes the windows on the north side, fills the two cans with water and turns off the light.',
      'sans',
    ),
    para('Thank you for keeping this shed in order.', 'sansItalic'),
  ],
};

/** The page that lies askew on the scanner. */
export const skewed: PageSpec = {
  size: a4,
  margin: 84,
  blocks: [
    head('How to divide an old clump', 18),
    para(
      'Most perennials grow tired in the middle after four or five years. The outer shoots stay young, while the heart turns woody and bears few flowers. Dividing the clump makes it young again, and gives you new plants for nothing.',
    ),
    para(
      'Choose a mild, damp day in early autumn or in March. Cut the stems to the length of a hand. Push a fork into the ground all around the plant and lift it with as much root as you can.',
    ),
    para(
      'Lay the clump on a sack. Put two forks back to back into the middle and press the handles apart. Tough roots, such as those of day lilies, yield to an old bread knife. Each piece should have three to five strong buds and a good beard of roots.',
    ),
    para(
      'Throw the woody middle on the compost heap. Plant the young pieces at once in fresh soil, as deep as they stood before, and press them in with your boot. Water them even if rain is near: water closes the soil around the roots.',
    ),
    para(
      'A few plants would rather be left alone. Peonies, gas plants, sea hollies and Japanese anemones resent the spade and may take three years to forgive you.',
    ),
    para('Give what you cannot plant to your neighbours. A garden that is shared returns twice.', 'serifItalic'),
  ],
};

/** The page with dust and noise. */
export const noisy: PageSpec = {
  size: a5,
  margin: 44,
  blocks: [
    head('Delivery note 5518', 16, 'sansBold'),
    lines(['Perennial', 'Orchard Lane 12, Fernhollow'], 'sans', 11),
    para('Delivered to the school garden at Larkfield on 9 April 2025:', 'sans', 12),
    lines(
      [
        '30 lavender plants in small pots',
        '12 sage plants in large pots',
        '18 asters, late and blue',
        '6 bags of leaf mould',
        '1 box of labels',
      ],
      'sans',
      12,
    ),
    para(
      'All plants were in good health when they left the nursery. Please water them today and keep them out of the wind for one week.',
      'sans',
      12,
    ),
    para('Four of the asters are a gift. The children may plant them where they like best.', 'sans', 12),
    para('Received with thanks by the garden group of the school.', 'sans', 12),
  ],
};

/** The page with faint ink. */
export const faint: PageSpec = {
  size: a5,
  margin: 44,
  blocks: [
    head('Frost warning', 18, 'serifBold'),
    para(
      'The cold returns on Thursday night. We expect four degrees of frost on the open field and two in the walled garden.',
      'serif',
      12,
    ),
    para(
      'Young plants that came out of the tunnel this week must be covered with fleece before six in the evening. Fix the edges with boards, not with stones, since stones tear the cloth.',
      'serif',
      12,
    ),
    para(
      'Do not water the beds after noon. Open the taps in the yard and let them drip, so that the pipes stay free.',
      'serif',
      12,
    ),
    para(
      'Take the fleece off again when the sun has reached the east wall. Plants under a warm cloth grow soft and will suffer in the next frost.',
      'serif',
      12,
    ),
    para('The nursery office, 22 April 2025', 'serifItalic', 11),
  ],
};

/** The page that was put into the scanner sideways. */
export const sideways: PageSpec = {
  size: a4,
  margin: 72,
  blocks: [
    ...letterhead('11 June 2025'),
    para('To all members of the garden round', 'serifBold', 12, 10),
    para(
      'The open garden takes place on the last Sunday of June, from ten in the morning until six in the evening. We hope for dry weather, but the gates will open in the rain as well.',
    ),
    para(
      'Visitors come in through the orchard and leave through the yard. Two of us should stand at each gate and count the guests. The tea table will be set up under the walnut tree; if it rains, we carry it into the barn.',
    ),
    para(
      'Please bring three pots from your own garden for the plant table. Write the name and the height on the label, and say whether the plant likes sun or shade. A plant without a label cannot be sold.',
    ),
    para(
      'The money from tea and plants goes to the new water tank. Last year we raised enough for the pump. With a good day, the tank will be paid for before the summer ends.',
    ),
    para('Let us meet in the barn at eight for the last work. There will be coffee and fresh bread.'),
    lines(['With thanks for your help', 'The Nursery Office']),
  ],
};

/** The page that was put into the scanner upside down. */
export const upsideDown: PageSpec = {
  size: a4,
  margin: 72,
  blocks: [
    head('Making leaf mould', 20, 'sansBold'),
    para(
      'Leaf mould is the cheapest thing in the garden, and one of the best. It holds water like a sponge, keeps the soil loose and feeds the small creatures that feed your plants. All it takes is leaves, rain and two winters.',
      'sans',
      12,
    ),
    para(
      'Drive four posts into the ground in a shady corner, a metre apart, and wrap wire netting around them. Rake up the leaves after rain, since dry leaves blow away and rot slowly. Fill the cage to the brim, tread the leaves down and fill it again.',
      'sans',
      12,
    ),
    para(
      'Leaves of beech, oak and hornbeam are best. Chestnut and plane take longer and should be torn into pieces with the mower. Leave out evergreen leaves, such as holly and laurel: they need many years.',
      'sans',
      12,
    ),
    para(
      'After one winter the heap has sunk to a third. You can spread it as a cover under shrubs. After the second winter it is dark and crumbly and smells of the forest. Sieve it, and use it for sowing and for potting.',
      'sans',
      12,
    ),
    para(
      'Never burn leaves and never put them out with the rubbish. What falls from the tree belongs to the tree.',
      'sansItalic',
      12,
    ),
  ],
};
