/** Calls that wait in a packer, with those that follow them in the same worker. */
import type { Estimates } from './estimates.ts';
import type { CallRequest, JoinLookahead } from '../model/request.ts';

/** What of a call is needed to make it. */
export type PackableCall = Pick<CallRequest, 'id' | 'task' | 'args' | 'kwargs' | 'options' | 'path'> &
  Partial<Pick<CallRequest, 'expiresAt' | 'joined'>>;

/** The cancellation scope that a call comes from. */
export interface CallContext {
  /** Whether the scope is not cancelled. */
  readonly wanted: () => boolean;
  /** Starts work in a scope of its own inside of the call's scope. */
  readonly start: <T>(work: () => Promise<T>) => { readonly done: Promise<T>; readonly cancel: () => void };
}

/** A call that waits, with those that follow it in the same worker. */
export interface Entry {
  steps: readonly (PackableCall & { readonly immutable?: boolean })[];
  readonly bytes: number;
  readonly context: CallContext;
  /** The step that is to be made next. */
  at: number;
  /** Of that step, from 1. */
  attempt: number;
  /** The result of the step before; undefined for the first step. */
  value: unknown;
  /** The chord body that may be in the same pack. */
  joined: JoinLookahead | undefined;
  /** Its pack died with its worker, so it is called on its own. */
  alone: boolean;
  /** The step waits for its provider, or has done so. */
  parked: boolean;
  /** Stops the step where it is made alone. */
  cancel?: (() => void) | undefined;
  /** Somebody has stopped the step. */
  revoked: boolean;
}

/** An entry that has not begun. */
export function entryOf(steps: Entry['steps'], bytes: number, context: CallContext): Entry {
  const joined = steps[0]?.joined;
  return {
    steps,
    bytes,
    context,
    at: 0,
    attempt: 1,
    value: undefined,
    joined,
    alone: false,
    parked: false,
    revoked: false,
  };
}

/** Removes the entries that nobody waits for any more, and returns them. */
export function dropUnwanted(waiting: Entry[]): readonly Entry[] {
  if (waiting.every(isWanted)) return [];
  const dropped = waiting.filter((entry) => !isWanted(entry));
  waiting.splice(0, waiting.length, ...waiting.filter(isWanted));
  return dropped;
}

function isWanted({ context, at, steps }: Entry): boolean {
  return at < steps.length && context.wanted();
}

/** Says whether an entry is called on its own, because it gains nothing from a pack. */
export function isSingle(entry: Entry, estimates: Estimates): boolean {
  const only = entry.at === entry.steps.length - 1 && entry.attempt === 1;
  return entry.alone || only || estimates.isLong(entry.steps[entry.at]?.task ?? '');
}

/** The first step has its arguments; those behind it are given the result before theirs. */
export function argsOf({ at, value }: Entry, { args, immutable }: Entry['steps'][number]): readonly unknown[] {
  return at === 0 || immutable === true ? args : [value, ...args];
}

/** Items of a map share an id, and have a place each. */
export function keyOf({ id, path }: Pick<CallRequest, 'id' | 'path'>): string {
  return `${id} ${path}`;
}
