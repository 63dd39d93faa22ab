/** Builds plausible sentences from a list of words, because the pages of a benchmark must all differ. */
import type { Random } from '../../contracts/values/random.ts';

const subjects = [
  'the gardener',
  'the nursery',
  'our neighbour',
  'the old orchard',
  'a young apprentice',
  'the secretary',
  'the committee',
  'the gardening club',
  'every visitor',
  'the head of the trial garden',
  'a careful buyer',
  'the driver',
  'the village school',
  'the botanist',
  'the water board',
  'a patient grower',
] as const;
const verbs = [
  'planted',
  'watered',
  'divided',
  'ordered',
  'described',
  'collected',
  'labelled',
  'moved',
  'counted',
  'sheltered',
  'measured',
  'replaced',
  'trimmed',
  'delivered',
  'photographed',
  'inspected',
  'admired',
  'sorted',
  'covered',
  'praised',
] as const;
const adjectives = [
  'hardy',
  'silver',
  'early',
  'late',
  'fragrant',
  'tall',
  'modest',
  'yellow',
  'dark blue',
  'evergreen',
  'neglected',
  'healthy',
  'frozen',
  'wild',
  'quiet',
  'heavy',
  'narrow',
  'remarkable',
  'generous',
  'crumbly',
] as const;
const things = [
  'asters',
  'geraniums',
  'snowdrops',
  'grasses',
  'cuttings',
  'seed trays',
  'hedges',
  'bulbs',
  'ferns',
  'peonies',
  'wooden crates',
  'cold frames',
  'roses',
  'apple trees',
  'labels',
  'watering cans',
  'primroses',
  'borders',
  'stone paths',
  'young shoots',
  'bags of compost',
  'hazel poles',
] as const;
const places = [
  'behind the barn',
  'along the brook',
  'near the east gate',
  'in the walled garden',
  'under the walnut tree',
  'beside the greenhouse',
  'on the northern slope',
  'between the beds',
  'at the edge of the meadow',
  'next to the water tank',
  'in the potting shed',
  'outside the kitchen',
] as const;
const times = [
  'in early March',
  'after the first frost',
  'on a damp Monday',
  'during the dry summer',
  'before sunrise',
  'last autumn',
  'towards the end of May',
  'for the third year running',
  'once the snow had melted',
  'within a fortnight',
  'shortly before noon',
  'every second week',
] as const;
const reasons = [
  'because the soil had grown too dry',
  'so that the roots could spread',
  'although nobody had asked for it',
  'as the new plan required',
  'while the ground was still warm',
  'until the wind turned',
  'since voles had eaten the rest',
  'whenever rain was expected',
  'in order to save water',
  'without damaging the leaves',
] as const;
const topics = [
  'Notes on the trial beds',
  'Report of the season',
  'Orders and deliveries',
  'Care of young plants',
  'The border by the church',
  'Work in the nursery',
  'Plans for the spring',
  'Observations after the frost',
] as const;

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function number(random: Random): string {
  return random.pick([
    String(random.int(2, 99)),
    `${random.int(1, 9)},${random.int(100, 999)}`,
    `${random.int(1, 40)}.${random.int(10, 99)}`,
  ]);
}

/** Returns one sentence. */
export function sentence(random: Random): string {
  const who = random.pick(subjects);
  const what = `${random.pick(adjectives)} ${random.pick(things)}`;
  switch (random.int(0, 5)) {
    case 0:
      return `${capital(random.pick(times))}, ${who} ${random.pick(verbs)} the ${what} ${random.pick(places)}.`;
    case 1:
      return `${capital(who)} ${random.pick(verbs)} ${random.int(2, 400)} ${what} ${random.pick(reasons)}.`;
    case 2:
      return `The ${what} ${random.pick(places)} cost ${number(random)} and were ${random.pick(verbs)} ${random.pick(times)}.`;
    case 3:
      return `${capital(who)} ${random.pick(verbs)} the ${random.pick(things)}; ${random.pick(subjects)} ${random.pick(verbs)} the ${what}.`;
    case 4:
      return `${capital(random.pick(places))}, ${what} were ${random.pick(verbs)} ${random.pick(times)}, ${random.pick(reasons)}.`;
    default:
      return `${capital(who)} ${random.pick(verbs)} the ${random.pick(things)} ${random.pick(places)} ${random.pick(reasons)}.`;
  }
}

/** Returns a heading; `mark` makes it different from every other. */
export function heading(random: Random, mark: number): string {
  return `${random.pick(topics)}, sheet ${mark}`;
}

/** Returns paragraphs with about `characters` characters in total. */
export function paragraphs(random: Random, characters: number): string[] {
  const all: string[] = [];
  let left = characters;
  while (left > 40) {
    const sentences: string[] = [];
    for (let count = random.int(3, 6); count > 0 && left > 40; count -= 1) {
      const next = sentence(random);
      sentences.push(next);
      left -= next.length + 1;
    }
    all.push(sentences.join(' '));
  }
  return all;
}
