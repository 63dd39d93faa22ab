/** Checks the options of a signature, apart from those that depend on its kind and its members: `join`, `compensate`. */
import { INSTANT_EXPECTED, instantOf, parseInstant } from '../../contracts/values/instant.ts';
import { areLimits } from '../../contracts/limits/vocabulary.ts';
import { mayNameQueue, QUEUE_NAME_EXPECTED } from '../../contracts/queues/names.ts';
import { at, describe, fault, type Place, wanted } from './fault.ts';
import type { ParsePolicy } from './policy.ts';
import { isRecord, isText } from './json.ts';
import type { Turns } from '../../contracts/values/turns.ts';

/** Error callbacks run because the canvas fails, so nobody would undo what they do. */
export const UNCOMPENSATED_CALLBACK = 'none inside of an error callback';

type CheckSignature = (value: unknown, place: Place, policy: ParsePolicy) => Turns;
type CheckOption = (value: unknown, place: Place, policy: ParsePolicy) => void;

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTime = (value: unknown): value is string => typeof value === 'string' && parseInstant(value) !== undefined;
const limitCheck = wanted('seconds, more than 0', (value) => isNumber(value) && value > 0);

const checkOption: Readonly<Record<string, CheckOption>> = {
  task_id: wanted('an id of 1 to 255 characters', (value) => isText(value) && value !== '' && value.length <= 255),
  countdown: (value, place, { timing = 'strict' }) => {
    if (!isNumber(value) || (value < 0 && timing === 'strict'))
      throw fault(place, 'seconds, at least 0', describe(value));
  },
  eta: (value, place, { timing = 'strict', nowMs }) => {
    if (!isTime(value)) throw fault(place, INSTANT_EXPECTED, describe(value));
    if (timing === 'strict' && nowMs !== undefined && instantOf(value) < nowMs)
      throw fault(place, 'a time that has not passed', describe(value));
  },
  expires: wanted(`seconds as a number, or ${INSTANT_EXPECTED}`, (value) => isNumber(value) || isTime(value)),
  priority: wanted('a whole number', (value) => Number.isInteger(value)),
  queue: (value, place, { knowsQueue }) => {
    if (!isText(value) || !mayNameQueue(value)) throw fault(place, QUEUE_NAME_EXPECTED, describe(value));
    if (knowsQueue !== undefined && !knowsQueue(value)) throw fault(place, 'a queue that is served', describe(value));
  },
  soft_time_limit: limitCheck,
  time_limit: limitCheck,
  ignore_result: wanted('true or false', (value) => typeof value === 'boolean'),
  headers: wanted('an object', isRecord),
  limits: wanted('up to 5 limits, each { key, rate: { count, perMs } or concurrency }', areLimits),
  stamped_headers: wanted('a list of names', (value) => Array.isArray(value) && value.every(isText)),
};

/**
 * Checks the options of a signature. One that is null counts as not given, as in Celery; an unknown one is let pass.
 *
 * @param checkSignature - checks a callback
 * @throws InputFault with the path of the fault
 */
export function* checkOptions(
  options: Readonly<Record<string, unknown>>,
  place: Place,
  policy: ParsePolicy,
  checkSignature: CheckSignature,
): Turns {
  for (const [name, value] of Object.entries(options)) {
    if (value === null) continue;
    const inner = at(place, name);
    if (Object.hasOwn(checkOption, name)) checkOption[name]?.(value, inner, policy);
    else if (name === 'link') yield* checkLinks(value, inner, policy, checkSignature);
    else if (name === 'link_error') {
      const callbacks = { ...policy, uncompensated: UNCOMPENSATED_CALLBACK };
      yield* checkLinks(value, inner, callbacks, checkSignature);
    }
  }
}

function* checkLinks(value: unknown, place: Place, policy: ParsePolicy, checkSignature: CheckSignature): Turns {
  if (!Array.isArray(value)) yield* checkSignature(value, place, policy);
  else for (const [index, entry] of value.entries()) yield* checkSignature(entry, at(place, index), policy);
}
