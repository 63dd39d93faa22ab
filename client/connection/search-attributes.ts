/** What the server's index is told of a run when it starts. */
import { SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { searchAttributes } from '../../contracts/tasks/calls.ts';

/** What a run is found by. */
export interface Indexed {
  /** Name of the task, or of the composition. */
  readonly task: string;
  /** The run at the root of the tree. */
  readonly root: string;
  readonly tenant?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** The search attributes of a run that is about to start. */
export function indexedAs({ task, root, tenant, tags = [] }: Indexed): TypedSearchAttributes {
  const keyword = (name: string, value: string) =>
    ({ key: { name, type: SearchAttributeType.KEYWORD }, value }) as const;
  const list = { name: searchAttributes.tags, type: SearchAttributeType.KEYWORD_LIST } as const;
  return new TypedSearchAttributes([
    keyword(searchAttributes.task, task),
    keyword(searchAttributes.state, 'PENDING'),
    keyword(searchAttributes.root, root),
    ...(tenant === undefined ? [] : [keyword(searchAttributes.tenant, tenant)]),
    ...(tags.length === 0 ? [] : [{ key: list, value: [...tags] }]),
  ]);
}
