/**
 * Rules of shape for the reference evaluator: what stands where once chains,
 * groups and chords inside each other are resolved. Written without the plan, so
 * that the two can disagree.
 */
import { joinOf } from '../model/join.ts';
import { ACCUMULATE } from '../plan/joined-groups.ts';
import {
  chordOf,
  kindOf,
  mapOf,
  optionsOf,
  type Signature,
  signatureList,
  type SignatureOptions,
  tasksOf,
} from '../signature/signature.ts';

/** A chain without steps. */
export const EMPTY: Signature = { task: 'celery.chain', kwargs: { tasks: [] }, subtask_type: 'chain' };

function isEmptyGroup(signature: Signature): boolean {
  return kindOf(signature) === 'group' && tasksOf(signature).length === 0;
}

/** A chain that has no steps once it is resolved: no member, and no step. */
export function isNothing(signature: Signature): boolean {
  return kindOf(signature) === 'chain' && stepsOf(signature, true).length === 0 && !onlyEmptyGroups(signature);
}

/** Members of a group in its place; anything else as it is. */
export function flat(signature: Signature): readonly Signature[] {
  return kindOf(signature) === 'group' ? membersOf(signature) : [signature];
}

/** Members of a group and of the groups in it, each with the callbacks of those. */
export function membersOf(group: Signature): readonly Signature[] {
  const { link, link_error: errbacks } = optionsOf(group);
  return tasksOf(group)
    .flatMap(flat)
    .filter((member) => !isNothing(member))
    .map((member) => withCallbacks(member, { link, link_error: errbacks }));
}

function only(signature: Signature): Signature {
  const [member, ...others] = tasksOf(signature);
  if (kindOf(signature) !== 'group' || member === undefined || others.length > 0) return signature;
  return withCallbacks(member, optionsOf(signature));
}

/** Steps without chains in chains, groups of one and empty groups; with the callbacks of the chains around them. */
export function stepsOf(chain: Signature, first: boolean): readonly Signature[] {
  const { link, link_error: errbacks } = optionsOf(chain);
  const steps: Signature[] = [];
  for (const task of tasksOf(chain)) {
    const once = only(task);
    // The first step that does anything is unrolled twice.
    const head = first && steps.length === 0;
    const step = head ? only(once) : once;
    if (isEmptyGroup(step)) continue;
    steps.push(...(kindOf(step) === 'chain' ? stepsOf(step, head) : splitBody(step)));
  }
  const last = steps.length - 1;
  return steps.map((step, index) => {
    if (index === last) return withCallbacks(step, { link, link_error: errbacks });
    // A group before another step is a header: the step behind it is told, not its members.
    return kindOf(step) === 'group' ? step : withCallbacks(step, { link_error: errbacks });
  });
}

/** Of a body that is a chain, all but the first step go on behind the chord. */
function splitBody(signature: Signature): readonly Signature[] {
  const { body } = kindOf(signature) === 'chord' ? chordOf(signature) : { body: undefined };
  const [leader] = body === undefined || kindOf(body) !== 'chain' ? [] : tasksOf(body);
  if (body === undefined || leader === undefined || kindOf(leader) === 'group') return [signature];
  const { link, link_error: errbacks } = optionsOf(signature);
  const [head, ...rest] = stepsOf(withCallbacks(body, { link, link_error: errbacks }), false);
  if (head === undefined || kindOf(head) === 'group') return [signature];
  return [
    {
      ...signature,
      kwargs: { ...signature.kwargs, body: head },
      options: { link_error: signatureList(errbacks), ...joinOption(signature) },
    },
    ...rest,
  ];
}

/** The signature with further callbacks behind its own; the same one twice is one. */
export function withCallbacks(
  signature: Signature,
  extra: { readonly link?: unknown; readonly link_error?: unknown },
): Signature {
  const own = optionsOf(signature);
  const join = (mine: unknown, more: unknown): readonly Signature[] => {
    const had = signatureList(mine);
    const known = had.map((one) => JSON.stringify(one));
    return [...had, ...signatureList(more).filter((one) => !known.includes(JSON.stringify(one)))];
  };
  const options = { ...own, link: join(own.link, extra.link), link_error: join(own.link_error, extra.link_error) };
  return { ...signature, options };
}

/** A chain of nothing but empty groups is an empty group; one without anything is nothing. */
export function onlyEmptyGroups(chain: Signature): boolean {
  const holds = (signature: Signature): boolean =>
    tasksOf(signature).some((step) => kindOf(step) === 'group' || (kindOf(step) === 'chain' && holds(step)));
  return stepsOf(chain, true).length === 0 && holds(chain);
}

/** Says whether the value is the list of a group. */
function endsInGroup(signature: Signature): boolean {
  const kind = kindOf(signature);
  if (kind === 'group') return true;
  if (kind === 'chord') return endsInGroup(chordOf(signature).body ?? EMPTY);
  if (kind !== 'chain') return false;
  const last = stepsOf(signature, true).at(-1);
  return last === undefined ? onlyEmptyGroups(signature) : endsInGroup(last);
}

/** Steps in which each group that has a step behind it is a chord with that step. */
export function upgraded(steps: readonly Signature[]): readonly Signature[] {
  return steps.reduceRight<readonly Signature[]>((behind, step) => {
    const [next, ...others] = behind;
    return next !== undefined && endsInGroup(step) ? [asHeader(step, next), ...others] : [step, ...behind];
  }, []);
}

/** The chord that a signature that ends in a group is together with the step behind it. */
function asHeader(signature: Signature, next: Signature): Signature {
  const kind = kindOf(signature);
  if (kind === 'chord') {
    const own = withCallbacks(chordOf(signature).body ?? EMPTY, optionsOf(signature));
    return { ...signature, kwargs: { ...signature.kwargs, body: asHeader(own, next) }, options: joinOption(signature) };
  }
  if (kind === 'group')
    return {
      task: 'celery.chord',
      kwargs: { header: membersOf(signature), body: next, kwargs: {} },
      subtask_type: 'chord',
    };
  const steps = stepsOf(signature, true);
  const last = steps.at(-1) ?? EMPTY;
  return { ...EMPTY, kwargs: { tasks: [...steps.slice(0, -1), asHeader(last, next)] } };
}

/** The calls that are told when a body cannot run: of a chain of several steps, the chain as a whole. */
export function callsOf(body: Signature): readonly Signature[] {
  const kind = kindOf(body);
  if (kind === 'group') return membersOf(body).flatMap(callsOf);
  if (kind === 'chord') return callsOf(withCallbacks(chordOf(body).body ?? EMPTY, optionsOf(body)));
  if (kind !== 'chain') return [body];
  const steps = upgraded(stepsOf(body, true));
  return steps.length === 1 ? steps.flatMap(callsOf) : [body];
}

/** The starmaps that `chunks` stands for. */
export function chunksOf(signature: Signature): readonly Signature[] {
  const { task, items, size } = mapOf(signature);
  const rows: Signature[] = [];
  for (let at = 0; at < items.length; at += size) {
    const kwargs = { task, it: items.slice(at, at + size) };
    rows.push({ task: 'celery.starmap', kwargs, options: signature.options ?? {}, immutable: true });
  }
  return rows;
}

/** A replacement, with the callbacks of the call that it takes the place of. */
export function inPlaceOf(signature: Signature, canvas: Signature): Signature {
  if (isNothing(canvas)) throw new TypeError('replaced by an empty chain');
  const { link, link_error: errbacks } = optionsOf(signature);
  // The list of a group is one result, so callbacks wait for all of it.
  const whole = kindOf(canvas) === 'group' ? chordOfGroup(canvas) : canvas;
  return withCallbacks(whole, { link, link_error: errbacks });
}

function chordOfGroup(group: Signature): Signature {
  const kwargs = { header: [group], body: { task: ACCUMULATE }, kwargs: {} };
  return { task: 'celery.chord', kwargs, subtask_type: 'chord' };
}

/** What of a chord's options stays with its header. */
function joinOption(chord: Signature): SignatureOptions {
  const join = joinOf(chord);
  return join === undefined ? {} : { join };
}
