/**
 * A group with a join policy gives one result, which is not the list of its
 * members. So it is a chord whose body gives back what the join hands it, and
 * none of the rules for lists of groups applies to it.
 */
import { joinOf } from '../model/join.ts';
import { chordOf, isSignature, kindOf, optionsOf, type Signature, tasksOf, type Join } from '../signature/signature.ts';

/** Gives back its argument, in the engine and not in a task; Celery's own name for it. */
export const ACCUMULATE = 'celery.accumulate';

/** The canvas with each group that has a join policy as a chord. The same object where there is none. */
export function resolveJoins(signature: Signature): Signature {
  const kind = kindOf(signature);
  if (kind === 'chord') return resolveChord(signature);
  if (kind !== 'chain' && kind !== 'group') return signature;
  const tasks = resolveAll(tasksOf(signature));
  if (kind === 'group' && joinOf(signature) !== undefined) return asChord(signature, tasks);
  return tasks === undefined ? signature : { ...signature, kwargs: { ...signature.kwargs, tasks } };
}

function resolveChord(chord: Signature): Signature {
  const { header, body } = chordOf(chord);
  const members = resolveAll(header);
  const last = body && resolveJoins(body);
  const join = joinOf(chord) ?? joinOfHeader(chord);
  if (members === undefined && last === body && join === joinOf(chord)) return chord;
  const kwargs = { ...chord.kwargs, header: members ?? header, body: last };
  return { ...chord, kwargs, options: { ...chord.options, ...(join && { join }) } };
}

/** A header that is written as a group may carry the policy. */
function joinOfHeader({ kwargs }: Signature): Join | undefined {
  const header = kwargs?.['header'];
  return isSignature(header) && kindOf(header) === 'group' ? joinOf(header) : undefined;
}

/** `undefined` where nothing changes. */
function resolveAll(signatures: readonly Signature[]): readonly Signature[] | undefined {
  const resolved = signatures.map(resolveJoins);
  return resolved.every((signature, index) => signature === signatures[index]) ? undefined : resolved;
}

function asChord(group: Signature, tasks = tasksOf(group)): Signature {
  const body = { task: ACCUMULATE };
  return {
    task: 'celery.chord',
    kwargs: { header: tasks, body, kwargs: {} },
    options: optionsOf(group),
    subtask_type: 'chord',
    ...(group.immutable === undefined ? {} : { immutable: group.immutable }),
  };
}
