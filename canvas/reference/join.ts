/** Join policies for the reference evaluator, where members run one after the other: the first is the first in time. */
import type { MemberOutcome } from '../model/join.ts';
import type { Join } from '../signature/signature.ts';

/** Not enough members succeeded. */
export class JoinFailed extends Error {
  override readonly name = 'JoinFailed';
}

/**
 * What a header gives by its policy. Members that a policy cancels are those
 * that have not begun.
 *
 * @param run - runs the member at a place; throws its failure
 * @throws the first failure for `failFast`, else {@link JoinFailed}
 */
export async function joinEagerly(
  join: Join,
  members: number,
  run: (at: number) => Promise<unknown>,
): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  const outcomes: MemberOutcome[] = [];
  const needed = neededOf(join, members);
  for (let at = 0; at < members; at += 1) {
    try {
      const value = await run(at);
      values.push(value);
      outcomes.push({ ok: true, value });
    } catch (error) {
      if (join.policy === 'failFast') throw error;
      outcomes.push(failedOutcome(error));
    }
    if (join.policy === 'quorum' && values.length === needed) break;
    if (join.policy === 'quorum' && members - (outcomes.length - values.length) < needed) break;
  }
  if (join.policy === 'collect') return outcomes;
  if (values.length < needed)
    throw new JoinFailed(`expected ${needed} of ${members} members to succeed, got ${values.length}`);
  return values;
}

function neededOf(join: Join, members: number): number {
  if (join.policy === 'quorum') return join.count;
  if (join.policy !== 'threshold') return 0;
  return 'count' in join ? join.count : Math.ceil((members * join.percent) / 100);
}

function failedOutcome(error: unknown): MemberOutcome {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { ok: false, failure: { type: name, message, task: null, path: null, id: null } };
}
