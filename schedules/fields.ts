/** Parses one field of a crontab, for cron's grammar and for Celery's. */
import { InvalidTiming } from './invalid-timing.ts';
import { span } from './calendar.ts';

/** The values of a field. */
export interface FieldKind {
  /** Name of the field in messages. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of its values, the first for `min`: three letters each; longer spellings are accepted. */
  readonly names?: readonly string[];
}

/** Fields of a crontab. Sunday is 0 and 7 in both grammars, although Celery itself accepts only 0. */
export const FIELDS = {
  minute: { name: 'minute', min: 0, max: 59 },
  hour: { name: 'hour', min: 0, max: 23 },
  dayOfMonth: { name: 'day of month', min: 1, max: 31 },
  month: {
    name: 'month',
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  dayOfWeek: { name: 'day of week', min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
} as const satisfies Readonly<Record<string, FieldKind>>;

/** Full names of the values, so that `monday` is accepted and `monkey` is not. */
const LONG_NAMES = [
  ...['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october'],
  ...['november', 'december'],
];

/** Differences between cron and Celery. */
export interface Grammar {
  /** Accepts `22-2`, which continues after the end, as Celery does; cron refuses it. */
  readonly wraps: boolean;
  /** Accepts `5/15`, which starts at 5 and continues to the end, as Temporal does; Celery refuses it. */
  readonly openSteps: boolean;
}

/** Grammar of a cron line. */
export const CRON_GRAMMAR: Grammar = { wraps: false, openSteps: true };
/** Grammar of Celery's crontab. */
export const CELERY_GRAMMAR: Grammar = { wraps: true, openSteps: false };

/** Returns the last value that is not a second name of the first: 6 for days of the week. */
function last(kind: FieldKind): number {
  return kind === FIELDS.dayOfWeek ? 6 : kind.max;
}

/**
 * Returns the values of one field, sorted and without repetition.
 * @param at - name of the field in messages, for example `timing.cron`
 * @throws InvalidTiming
 */
export function parseField(text: string, kind: FieldKind, grammar: Grammar, at: string): readonly number[] {
  const values = text.split(',').flatMap((part) => parsePart(part, kind, grammar, at));
  const folded = kind === FIELDS.dayOfWeek ? values.map((value) => value % 7) : values;
  return [...new Set(folded)].sort((a, b) => a - b);
}

function parsePart(part: string, kind: FieldKind, grammar: Grammar, at: string): readonly number[] {
  const { from, to, step } = splitPart(part, kind, at);
  if (from === '*') return span(kind.min, last(kind), step ?? 1);
  const start = parseValue(from, kind, at);
  const context = { step: step ?? 1, kind, grammar, part, at };
  if (to !== undefined) return range(start, parseValue(to, kind, at), context);
  return step === undefined ? [start] : openRange(start, context);
}

interface Part {
  readonly from: string;
  readonly to: string | undefined;
  readonly step: number | undefined;
}

function splitPart(part: string, { name }: FieldKind, at: string): Part {
  const groups = /^(?:(?<star>\*)|(?<from>\w+)(?:-(?<to>\w+))?)(?:\/(?<step>\d+))?$/.exec(part)?.groups;
  const from = groups?.['star'] ?? groups?.['from'];
  if (from === undefined)
    throw new InvalidTiming(at, `${name} as *, a value, a range a-b, a step */n or a list of these`, part);
  const step = groups?.['step'] === undefined ? undefined : Number(groups['step']);
  if (step === 0) throw new InvalidTiming(at, `a step of at least 1 in ${name}`, part);
  return { from, to: groups?.['to'], step };
}

function openRange(start: number, { step, kind, grammar, part, at }: RangeContext): readonly number[] {
  if (!grammar.openSteps) throw new InvalidTiming(at, `a range before the step of ${kind.name}, as in 5-59/15`, part);
  return span(start, last(kind), step);
}

interface RangeContext {
  readonly step: number;
  readonly kind: FieldKind;
  readonly grammar: Grammar;
  readonly part: string;
  readonly at: string;
}

function range(start: number, end: number, { step, kind, grammar, part, at }: RangeContext): readonly number[] {
  if (start <= end) return span(start, end, step);
  // The Sunday of `fri-sun` is the one at the end of the week.
  if (kind === FIELDS.dayOfWeek && end === 0) return span(start, 7, step);
  if (!grammar.wraps) throw new InvalidTiming(at, `a range of ${kind.name} that goes upwards`, part);
  const around = [...span(start, last(kind)), ...span(kind.min, end)];
  return around.filter((_, index) => index % step === 0);
}

function parseValue(text: string, kind: FieldKind, at: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : named(text.toLowerCase(), kind);
  if (number === undefined || number < kind.min || number > kind.max) {
    const names = kind.names === undefined ? '' : ` or ${kind.names[0] ?? ''}…${kind.names.at(-1) ?? ''}`;
    throw new InvalidTiming(at, `${kind.name} from ${kind.min} to ${kind.max}${names}`, text);
  }
  return number;
}

function named(word: string, { names = [], min }: FieldKind): number | undefined {
  const index = names.indexOf(word.slice(0, 3));
  const known = word.length === 3 || LONG_NAMES.includes(word);
  return index >= 0 && known ? index + min : undefined;
}
