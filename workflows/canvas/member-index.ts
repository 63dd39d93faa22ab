/** Puts calls that callers have named into the index of the server, so that their run is found by their ids. */
import { workflowInfo } from '@temporalio/workflow';
import type { Node } from '../../canvas/model/nodes.ts';
import { idsIn } from '../../canvas/watching/members.ts';
import { MAX_MEMBER_KEYS, memberKey, MORE_MEMBERS, runOfMember } from '../../contracts/canvas/members.ts';
import { indexMembers } from '../tasks/search-attributes.ts';

/** Makes the function that is told of every canvas that the run has planned. */
export function createMemberIndex(): (planned: Node) => void {
  const { workflowId } = workflowInfo();
  const keys = new Set<string>();
  return (planned) => {
    const before = keys.size;
    for (const id of idsIn(planned)) {
      if (keys.size >= MAX_MEMBER_KEYS) break;
      if (!isNumbered(workflowId, id)) keys.add(memberKey(id));
    }
    if (keys.size === MAX_MEMBER_KEYS) keys.add(MORE_MEMBERS);
    if (keys.size > before) indexMembers([...keys]);
  };
}

/** Says whether this run, or one above it, has numbered a call: then its id is that of the run, or a number in it. */
function isNumbered(workflowId: string, id: string): boolean {
  const run = runOfMember(id);
  return id === workflowId || (run !== undefined && `${workflowId}/`.startsWith(`${run}/`));
}
