import type { SearchInput, SearchOutput } from '../../contracts/ai/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { hashOf, makeVectors } from './embed.ts';
import type { AiPorts } from './ports.ts';

/** Finds what is near to a text. The vector of what is searched for is made once for each content, as those of texts are. */
export async function search(ports: AiPorts, input: SearchInput, context: TaskContext): Promise<SearchOutput> {
  const { vectors, embeddingModel } = ports;
  const { collection, query, limit, model = embeddingModel } = input;
  const space = { tenant: context.tenant ?? '', model };
  const known = await vectors.find(space, hashOf(query));
  const vector =
    known ?? (await makeVectors(ports, { space, key: context.taskId, texts: [query] }, context.signal)).first;
  const found = await vectors.nearest({ ...space, collection, vector, limit });
  return { model, found: [...found] };
}
