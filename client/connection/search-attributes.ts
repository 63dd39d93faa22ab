/** Search attributes of runs. */
import { SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { type Listed, searchAttributes } from '../../contracts/tasks/calls.ts';

/** Values of the search attributes of a run. */
export interface Indexed extends Listed {
  /** Id of the run at the root of the tree; `undefined` where only the server will know it: the run then notes its own. */
  readonly root?: string | undefined;
  /** Keys of the calls of a canvas that callers have named. @defaultValue none */
  readonly members?: readonly string[];
}

/** Makes the search attributes of a new run. */
export function indexedAs({ task, root, tenant, tags = [], members = [] }: Indexed): TypedSearchAttributes {
  const keyword = (name: string, value: string) =>
    ({ key: { name, type: SearchAttributeType.KEYWORD }, value }) as const;
  const list = (name: string, values: readonly string[]) =>
    values.length === 0 ? [] : [{ key: { name, type: SearchAttributeType.KEYWORD_LIST } as const, value: [...values] }];
  return new TypedSearchAttributes([
    keyword(searchAttributes.task, task),
    keyword(searchAttributes.state, 'PENDING'),
    ...(root === undefined ? [] : [keyword(searchAttributes.root, root)]),
    ...(tenant === undefined ? [] : [keyword(searchAttributes.tenant, tenant)]),
    ...list(searchAttributes.tags, tags),
    ...list(searchAttributes.members, members),
  ]);
}
