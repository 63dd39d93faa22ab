/** Finds what is wrong with a retry rule, so that no task begins with one that never ends or that the server refuses. */
import { failureClasses } from '../failures/rule.ts';
import type { FieldFault } from '../values/field-faults.ts';
import { DAY_MS } from '../values/units.ts';
import type { RetryDelays, RetryRule } from './retry-rules.ts';

/** Most attempts of a task: 10,000, after which nobody expects that another one helps. */
const MOST_ATTEMPTS = 10_000;

/** Longest delay between two attempts, in milliseconds: 31 days. */
const LONGEST_DELAY_MS = 31 * DAY_MS;

type Faults = readonly FieldFault[];

/**
 * Returns every fault of a rule; none when it is right.
 *
 * @param isFailure - tells whether a name is a type of the registry
 */
export function retryFaults(rule: RetryRule, isFailure: (name: string) => boolean): Faults {
  const { attempts, retryOn = [], neverOn = [], byFailure = [] } = rule;
  const isName = (name: string): boolean => (failureClasses as readonly string[]).includes(name) || isFailure(name);
  return [
    ...countFaults('retry.attempts', attempts, MOST_ATTEMPTS),
    ...delayFaults('retry', rule),
    ...nameFaults('retry.retryOn', retryOn, isName),
    ...nameFaults('retry.neverOn', neverOn, isName),
    ...typeFaults('retry.finalType', rule.finalType, isFailure),
    ...byFailure.flatMap((special, index): Faults => {
      const at = `retry.byFailure[${index}]`;
      return [
        ...nameFaults(`${at}.on`, special.on, isName),
        ...(special.attempts === undefined ? [] : countFaults(`${at}.attempts`, special.attempts, attempts)),
        ...(special.delayMs === undefined ? [] : delayFaults(at, { ...special, delayMs: special.delayMs })),
        ...typeFaults(`${at}.finalType`, special.finalType, isFailure),
      ];
    }),
  ];
}

function delayFaults(at: string, { delayMs, factor = 1, maxDelayMs = delayMs, jitter = 0 }: RetryDelays): Faults {
  return [
    ...numberFaults(`${at}.delayMs`, delayMs, 0, LONGEST_DELAY_MS),
    ...numberFaults(`${at}.factor`, factor, 1, 100),
    ...numberFaults(`${at}.maxDelayMs`, maxDelayMs, 0, LONGEST_DELAY_MS),
    ...(jitter === 'full' ? [] : numberFaults(`${at}.jitter`, jitter, 0, 1)),
  ];
}

function countFaults(field: string, value: number, most: number): Faults {
  const isRight = Number.isInteger(value) && value >= 1 && value <= most;
  return isRight ? [] : [{ field, expected: `a whole number from 1 to ${most}`, got: shown(value) }];
}

function numberFaults(field: string, value: number, least: number, most: number): Faults {
  const isRight = typeof value === 'number' && value >= least && value <= most;
  return isRight ? [] : [{ field, expected: `a number from ${least} to ${most}`, got: shown(value) }];
}

function nameFaults(field: string, names: readonly string[], isName: (name: string) => boolean): Faults {
  return names
    .filter((name) => !isName(name))
    .map((name) => ({
      field,
      expected: `types of the registry of failures, or classes (${failureClasses.join(', ')})`,
      got: shown(name),
    }));
}

function typeFaults(field: string, type: string | undefined, isFailure: (name: string) => boolean): Faults {
  return type === undefined || isFailure(type)
    ? []
    : [{ field, expected: 'a type of the registry of failures', got: shown(type) }];
}

/** An application in JavaScript may give anything. */
function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, 60)}'` : String(value);
}
