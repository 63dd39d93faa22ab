/** Checks the option `join` of a group, a chord or a map over an earlier result. */
import { at, describe, fault, type Place } from './fault.ts';
import { chordOf, kindOf, type Signature, tasksOf } from './signature.ts';
import { isRecord } from './json.ts';

/** What each policy needs beside its name. */
const POLICIES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  failFast: [[]],
  collect: [[]],
  threshold: [['count'], ['percent']],
  quorum: [['count']],
};

/**
 * Refuses a policy that is none, or that its signature cannot meet.
 *
 * @param members - how many there are at most; `undefined` for a signature without members
 * @param place - where the policy stands
 * @throws InputFault with the path of the fault
 */
export function checkJoin(join: unknown, members: number | undefined, place: Place): void {
  if (members === undefined)
    throw fault(place, 'no join policy here: groups and chords have one, perennial.map in its kwargs', describe(join));
  if (!isRecord(join)) throw fault(place, 'a join policy, for example {"policy": "collect"}', describe(join));
  const { policy, ...rest } = join;
  const wanted = typeof policy === 'string' && Object.hasOwn(POLICIES, policy) ? POLICIES[policy] : undefined;
  if (wanted === undefined) throw fault(at(place, 'policy'), Object.keys(POLICIES).join(', '), describe(policy));
  const names = Object.keys(rest);
  if (!wanted.some((needed) => needed.length === names.length && needed.every((name) => names.includes(name))))
    throw fault(place, `${String(policy)} with ${wordsOf(wanted)}`, names.length === 0 ? 'nothing' : names.join(', '));
  if ('count' in rest) checkCount(rest['count'], members, at(place, 'count'));
  if ('percent' in rest) checkPercent(rest['percent'], at(place, 'percent'));
}

function wordsOf(wanted: readonly (readonly string[])[]): string {
  return wanted.map((names) => names.join(' and ') || 'nothing else').join(' or ');
}

function checkCount(count: unknown, members: number, place: Place): void {
  if (!Number.isInteger(count) || Number(count) < 1)
    throw fault(place, 'a whole number of at least 1', describe(count));
  if (Number(count) > members) throw fault(place, `at most the number of members, ${members}`, describe(count));
}

function checkPercent(percent: unknown, place: Place): void {
  if (typeof percent !== 'number' || percent <= 0 || percent > 100)
    throw fault(place, 'more than 0 and at most 100', describe(percent));
}

/** Members of a group or header, as far as the data says; `undefined` for a signature without members. */
export function memberCount(signature: Signature): number | undefined {
  const kind = kindOf(signature);
  if (kind === 'chord') return countAll(chordOf(signature).header);
  return kind === 'group' ? countAll(tasksOf(signature)) : undefined;
}

/** Groups in groups are one group. */
function countAll(members: readonly Signature[]): number {
  return members.reduce((sum, member) => sum + (isInnerGroup(member) ? countAll(tasksOf(member)) : 1), 0);
}

function isInnerGroup(member: Signature): boolean {
  return kindOf(member) === 'group' && !isRecord(member.options?.join);
}
